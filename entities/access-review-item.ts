import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { AccessReviewDecision, AccessReviewOutcome } from "../src/domain/access-review";
import { OrganizationRole, WorkspaceRole } from "../src/domain/role";

/** Access to one workspace, as a review stores it, with the workspace's name at that time. */
interface StoredGrant {
  workspaceId: string;
  workspaceName: string;
  roleOverride: WorkspaceRole | null;
  expiresAt: string | null;
}

/**
 * One member in a review, as they stood when it started, with the decision on them. `memberId` is no foreign key: the
 * item stays as evidence when the member leaves.
 */
@Entity("access_review_item")
@ForeignKey("AccessReview", ["organizationId", "reviewId"], ["organizationId", "id"], { onDelete: "CASCADE" })
@Index(["organizationId", "reviewId", "id"], { unique: true })
@Index("access_review_item_undecided_index", ["organizationId", "reviewId", "position"], { where: "decision IS NULL" })
@Index("access_review_item_findings_index", ["organizationId", "reviewId", "findingsOrder", "position"])
@Check("access_review_item_role_check", "role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')")
@Check("access_review_item_new_role_check", "new_role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')")
@Check("access_review_item_decision_check", "decision IN ('KEEP', 'CHANGE', 'REMOVE')")
@Check("access_review_item_outcome_check", "outcome IN ('APPLIED', 'UNCHANGED', 'MEMBER_GONE', 'CHANGED_MEANWHILE')")
export class AccessReviewItem {
  @PrimaryColumn("uuid")
  organizationId: string;

  @PrimaryColumn("uuid")
  reviewId: string;

  /** 1, 2, 3 and so on, in the order in which the members joined. */
  @PrimaryColumn("integer")
  position: number;

  @Column("uuid")
  id: string;

  @Column("uuid")
  memberId: string;

  @ForeignKey("User")
  @Column("varchar", { length: 255 })
  userId: string;

  @Column("varchar", { length: 255 })
  userName: string;

  @Column("varchar", { length: 16 })
  role: OrganizationRole;

  @Column("jsonb")
  grants: StoredGrant[];

  @Column("timestamp with time zone", { precision: 3 })
  joinedAt: Date;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  lastSeenAt: Date | null;

  /** The member's place among the Owners, by the date of joining; null for other roles. */
  @Column("integer", { nullable: true })
  ownerRank: number | null;

  /** 0 if there are findings, otherwise 1: the sort key that lists members with findings first. */
  @Column("integer", { default: 1 })
  findingsOrder: number;

  @Column("varchar", { length: 16, nullable: true })
  decision: AccessReviewDecision | null;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  decidedById: string | null;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  decidedAt: Date | null;

  @Column("varchar", { length: 1000, nullable: true })
  note: string | null;

  @Column("varchar", { length: 16, nullable: true })
  newRole: OrganizationRole | null;

  @Column("jsonb", { nullable: true })
  newGrants: StoredGrant[] | null;

  @Column("varchar", { length: 32, nullable: true })
  outcome: AccessReviewOutcome | null;
}
