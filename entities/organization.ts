import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { DateTime } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "An account with its members, workspaces and plan.",
})
@Directive('@key(fields: "id")')
@Entity("organization")
@Index("organization_personal_owner_index", ["personalForId"], { where: "personal_for_id IS NOT NULL" })
@Index(["foundedById", "createdAt"], { where: "founded_by_id IS NOT NULL" })
@Index(["deletedAt"], { where: "deleted_at IS NOT NULL" })
export class Organization {
  @Field(() => ID, { description: "Id of the organization." })
  @PrimaryColumn("uuid")
  id: string;

  @Field(() => String, { description: "Display name. Need not be unique." })
  @Column("varchar", { length: 100 })
  name: string;

  @Field(() => String, { nullable: true, description: "Free text about the organization. Null if there is none." })
  @Column("varchar", { length: 500, nullable: true })
  description: string | null;

  /** The person whose personal organization this is, while they own it. A person has at most one. */
  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  personalForId: string | null;

  /** The person who created it, and whose limits count it; null for personal organizations. */
  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  foundedById: string | null;

  @Field(() => DateTime, { description: "When the organization was created." })
  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;

  @Field(() => DateTime, { description: "When the name or the description last changed." })
  @Column("timestamp with time zone", { precision: 3 })
  updatedAt: Date;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  deletedAt: Date | null;

  /** The head of the event log: sequence number and hash of the last event. Written under the organization's lock. */
  @Column("integer", { default: 0 })
  eventSequence: number;

  @Column("bytea", { nullable: true })
  eventHash: Buffer | null;
}
