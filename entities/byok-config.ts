import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { ByokFallback, type ByokVerification, InferenceProfile } from "../src/domain/byok";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "An organization's own AWS key for LLM calls, without its secrets." })
@Directive('@key(fields: "id")')
@Entity("byok_config")
@Index(["id"])
@Index(["organizationId"], { unique: true })
@Index(["sessionTokenExpiresAt"])
@Check("byok_config_inference_profile_check", "inference_profile IN ('GLOBAL', 'US', 'EU', 'APAC')")
@Check("byok_config_fallback_check", "fallback IN ('ALLOW', 'DENY')")
export class ByokConfig {
  @Field(() => ID, { description: "Id of the configuration." })
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Field(() => String, {
    description: "First four and last four characters of the access key id, to recognize the key.",
  })
  @Column("varchar", { length: 16 })
  accessKeyIdHint: string;

  @Field(() => Boolean, { description: "Whether the key is temporary (ASIA…) and expires." })
  @Column("boolean")
  isTemporary: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the temporary key expires. Null for a long-term key, and if the Owner did not enter it.",
  })
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  sessionTokenExpiresAt: Date | null;

  @Field(() => String, { description: "AWS region that calls are sent to, e.g. eu-central-1." })
  @Column("varchar", { length: 32 })
  region: string;

  @Field(() => InferenceProfile, { description: "Part of the world where AWS may run the models." })
  @Column("varchar", { length: 16 })
  inferenceProfile: InferenceProfile;

  @Field(() => ByokFallback, { description: "Whether calls may run on the platform's credits when the key fails." })
  @Column("varchar", { length: 16 })
  fallback: ByokFallback;

  @Field(() => Boolean, { description: "False while the organization has paused its key." })
  @Column("boolean")
  enabled: boolean;

  /** Changes with every update, so that no replica uses a session of an earlier version. */
  @Column("uuid")
  version: string;

  @Column("varchar", { length: 2048 })
  masterKeyId: string;

  @Column("bytea")
  wrappedKey: Buffer;

  @Column("bytea")
  sealedAccessKeyId: Buffer;

  @Column("bytea")
  sealedSecretAccessKey: Buffer;

  @Column("bytea", { nullable: true })
  sealedSessionToken: Buffer | null;

  @Column("jsonb", { nullable: true })
  lastVerification: ByokVerification | null;

  /** Rejections by AWS that callers reported since `failuresSince`. */
  @Column("smallint", { default: 0 })
  failures: number;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  failuresSince: Date | null;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  failingSince: Date | null;

  /** The number of expiry notices sent so far. */
  @Column("smallint", { default: 0 })
  expiryNotices: number;

  @Field(() => DateTime, { description: "When the organization first saved a key." })
  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;

  @Field(() => DateTime, { description: "When the configuration last changed." })
  @Column("timestamp with time zone", { precision: 3 })
  updatedAt: Date;
}
