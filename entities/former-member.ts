import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { OrganizationRole } from "../src/domain/role";

/** A membership that ended, with its state at that time. */
@Entity("former_member")
@Index(["endedAt"])
@Check("former_member_role_check", "role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')")
export class FormerMember {
  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("User")
  @Column("varchar", { length: 255 })
  userId: string;

  @Column("varchar", { length: 16 })
  role: OrganizationRole;

  /** Workspaces with overrides and ends, as WorkspaceGrant in JSON. */
  @Column("jsonb")
  grants: unknown;

  @Column("timestamp with time zone", { precision: 3 })
  joinedAt: Date;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  invitedById: string | null;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  lastSeenAt: Date | null;

  @Column("timestamp with time zone", { precision: 3 })
  endedAt: Date;

  /** Whether the person left on their own. */
  @Column("boolean")
  hasLeft: boolean;
}
