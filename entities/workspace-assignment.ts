import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { WorkspaceRole } from "../src/domain/role";

/**
 * A Developer's or Viewer's access to one workspace. Both foreign keys include the organization, so an assignment cannot
 * cross organizations. It has no effect while the member is Owner or Admin, and applies again afterwards.
 */
@Entity("workspace_assignment")
@ForeignKey("Workspace", ["organizationId", "workspaceId"], ["organizationId", "id"], { onDelete: "CASCADE" })
@ForeignKey("Member", ["organizationId", "memberId"], ["organizationId", "id"], { onDelete: "CASCADE" })
@Index("workspace_assignment_old_key", ["workspaceId", "memberId"], { unique: true })
@Index(["memberId"])
@Index(["expiresAt"], { where: "expires_at IS NOT NULL" })
@Index(["organizationId", "expiresAt"], { where: "expires_at IS NOT NULL" })
@Index(["warningDueAt"], { where: "warning_due_at IS NOT NULL" })
@Index("workspace_assignment_members_index", ["workspaceId", "memberJoinedAt", "memberId"], { where: "NOT is_dormant" })
@Index("workspace_assignment_ended_index", ["workspaceId", "expiresAt"], {
  where: "NOT is_dormant AND expires_at IS NOT NULL",
})
@Check("workspace_assignment_warning_due_at_check", "warning_due_at < expires_at")
@Check("workspace_assignment_role_override_check", "role_override IN ('ADMIN', 'DEVELOPER', 'VIEWER')")
export class WorkspaceAssignment {
  @PrimaryColumn("uuid")
  organizationId: string;

  @PrimaryColumn("uuid")
  workspaceId: string;

  @PrimaryColumn("uuid")
  memberId: string;

  @Column("varchar", { length: 16, nullable: true })
  roleOverride: WorkspaceRole | null;

  /** From this time on the access does not count; a job deletes it later. Null: it does not end by itself. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  expiresAt: Date | null;

  /** When the member gets a mail about the end. Null: no mail, or it is queued already. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  warningDueAt: Date | null;

  /** Whether the member is Owner or Admin, so that the assignment has no effect. A trigger sets it, and the next. */
  @Column("boolean", { default: false })
  isDormant?: boolean;

  /** When the member joined, by which the members of a workspace are sorted. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  memberJoinedAt?: Date;
}
