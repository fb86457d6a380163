import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { WorkspaceRole } from "../src/domain/role";

/** A workspace that an invitation grants. */
@Entity("invitation_workspace")
@Index(["invitationId"])
@Index(["workspaceId"])
@ForeignKey("Invitation", ["organizationId", "invitationId"], ["organizationId", "id"], { onDelete: "CASCADE" })
@ForeignKey("Workspace", ["organizationId", "workspaceId"], ["organizationId", "id"], { onDelete: "CASCADE" })
@Check("invitation_workspace_role_override_check", "role_override IN ('ADMIN', 'DEVELOPER', 'VIEWER')")
export class InvitationWorkspace {
  @PrimaryColumn("uuid")
  organizationId: string;

  @PrimaryColumn("uuid")
  invitationId: string;

  @PrimaryColumn("uuid")
  workspaceId: string;

  @Column("varchar", { length: 16, nullable: true })
  roleOverride: WorkspaceRole | null;

  /** When the access ends; past it, an acceptance does not give it. Null: it does not end by itself. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  expiresAt: Date | null;
}
