import { Field, ID, Int, ObjectType } from "type-graphql";
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { EventType } from "../src/domain/events";
import { DateTime } from "./scalars";

@ObjectType("AuditEvent", {
  simpleResolvers: true,
  description:
    "One change in an organization, recorded in the transaction of the change. Sequence numbers have no gaps.",
})
@Entity("organization_event")
@Index(["organizationId", "occurredAt"])
@Index("organization_event_sealing_index", ["organizationId", "sequence"], {
  where: "type IN ('byok.configured', 'byok.rotated', 'byok.resealed', 'byok.removed')",
})
export class OrganizationEvent {
  @Field(() => ID)
  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Field(() => Int)
  @PrimaryColumn("integer")
  sequence: number;

  @Field(() => String)
  @Column("varchar", { length: 64 })
  type: EventType;

  @Field(() => DateTime)
  @Column("timestamp with time zone", { precision: 3 })
  occurredAt: Date;

  @Column("varchar", { length: 255, nullable: true })
  actorId: string | null;

  @Field(() => String, { description: "'user:<id>', 'service:<name>' or 'system'." })
  @Column("varchar", { length: 300 })
  actorLabel: string;

  @Field(() => ID, { nullable: true })
  @Column("uuid", { nullable: true })
  subjectId: string | null;

  @Field(() => ID, { nullable: true })
  @Column("uuid", { nullable: true })
  workspaceId: string | null;

  @Field(() => String)
  @Column("text")
  summary: string;

  /** The relevant values before and after the change. */
  @Column("jsonb")
  data: Readonly<Record<string, unknown>>;

  @Column("bytea")
  hash: Buffer;
}
