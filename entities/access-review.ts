import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { AccessReviewStatus } from "../src/domain/access-review";
import { DateTime } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "A review of who has which access, as of its start. Decisions are collected and applied together.",
})
@Directive('@key(fields: "id")')
@Entity("access_review")
@Index(["id"])
@Index(["organizationId", "startedAt", "id"])
@Index("access_review_one_open", ["organizationId"], { unique: true, where: "status = 'OPEN'" })
@Index(["dueAt"], { where: "status = 'OPEN'" })
@Check("access_review_status_check", "status IN ('OPEN', 'COMPLETED', 'CANCELED')")
@Check("access_review_completed_at_check", "(status = 'COMPLETED') = (completed_at IS NOT NULL)")
@Check("access_review_decided_count_check", "decided_count BETWEEN 0 AND item_count")
export class AccessReview {
  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Field(() => ID, { description: "Id of the review." })
  @PrimaryColumn("uuid")
  id: string;

  @Field(() => String, { description: "Name, e.g. 'First quarter'." })
  @Column("varchar", { length: 100 })
  name: string;

  @Field(() => AccessReviewStatus, { description: "State of the review. One is open at a time." })
  @Column("varchar", { length: 16 })
  status: AccessReviewStatus;

  @Field(() => DateTime, { description: "When it started. It shows the access of that instant." })
  @Column("timestamp with time zone", { precision: 3 })
  startedAt: Date;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  startedById: string | null;

  @Field(() => DateTime, {
    description: "When it is due. Owners and Admins get an e-mail a week and a day before.",
  })
  @Column("timestamp with time zone", { precision: 3 })
  dueAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was completed. Null if it is open or was canceled." })
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  completedAt: Date | null;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  completedById: string | null;

  @Field(() => Int, { description: "Number of members in the review." })
  @Column("integer")
  itemCount: number;

  @Field(() => Int, { description: "Number of members with a decision." })
  @Column("integer")
  decidedCount: number;

  /** How many reminders were sent or skipped. */
  @Column("integer")
  reminders: number;
}
