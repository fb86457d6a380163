import { Field, ID, Int, ObjectType } from "type-graphql";
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { EventType } from "../src/domain/events";
import { DateTime } from "./scalars";

@ObjectType("AuditEvent", {
  simpleResolvers: true,
  description: "One change of an organization in its audit log, written in the same transaction as the change.",
})
@Entity("organization_event")
@Index("organization_event_mails_index", ["organizationId", "occurredAt"], {
  where: "type IN ('invitation.created', 'invitation.resent')",
})
@Index(["organizationId", "occurredAt"])
@Index("organization_event_sealing_index", ["organizationId", "sequence"], {
  where: "type IN ('byok.configured', 'byok.rotated', 'byok.resealed', 'byok.removed')",
})
@Index("organization_event_members_index", ["organizationId", "sequence"], {
  where: "type IN ('organization.deleted', 'organization.restored', 'ownership.transferred')",
})
@Index("organization_event_person_index", { synchronize: false })
@Index("organization_event_review_completed_index", ["organizationId", "subjectId"], {
  where: "type = 'access_review.completed'",
})
@Index(["feedPosition"], { where: "feed_position IS NOT NULL" })
@Index(["feedTransaction"], { where: "feed_transaction IS NOT NULL" })
export class OrganizationEvent {
  @Field(() => ID, { description: "Id of the organization that changed." })
  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Field(() => Int, { description: "Number of the event within its organization: 1, 2, 3 and so on, without gaps." })
  @PrimaryColumn("integer")
  sequence: number;

  @Field(() => String, { description: "Kind of change, e.g. 'member.joined'." })
  @Column("varchar", { length: 64 })
  type: EventType;

  @Field(() => DateTime, { description: "When the change was made." })
  @Column("timestamp with time zone", { precision: 3 })
  occurredAt: Date;

  @Column("varchar", { length: 255, nullable: true })
  actorId: string | null;

  @Field(() => String, { description: "Who made the change: 'user:<id>', 'service:<name>' or 'system'." })
  @Column("varchar", { length: 300 })
  actorLabel: string;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the changed thing, e.g. of a membership or invitation. Null if it is the organization itself.",
  })
  @Column("uuid", { nullable: true })
  subjectId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the workspace that the change concerns. Null if it concerns none.",
  })
  @Column("uuid", { nullable: true })
  workspaceId: string | null;

  @Field(() => String, { description: "The change in one English sentence." })
  @Column("text")
  summary: string;

  /** The relevant values before and after the change. */
  @Column("jsonb")
  data: Readonly<Record<string, unknown>>;

  @Column("bytea")
  hash: Buffer;

  /**
   * Orders the events of all organizations: the id of the transaction that wrote the event, or the position of the
   * previous event of the organization if that is higher. A trigger sets it. Null for events before the feed existed.
   */
  @Column("bigint", { nullable: true })
  feedPosition: string | null;

  /** The id of the transaction that wrote the event, where it is not the position. */
  @Column("bigint", { nullable: true })
  feedTransaction: string | null;
}
