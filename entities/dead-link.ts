import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";

/**
 * The hash of a link's token that was replaced by a newer link, or whose holder asked for a new one after it had expired.
 */
@Entity("dead_link")
@Index(["organizationId"])
@Index(["invitationId"])
@Index("dead_link_old_key", ["tokenHash"], { unique: true })
@ForeignKey("Invitation", ["organizationId", "invitationId"], ["organizationId", "id"], { onDelete: "CASCADE" })
export class DeadLink {
  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @PrimaryColumn("bytea")
  tokenHash: Buffer;

  @Column("uuid")
  invitationId: string;

  /** When the holder last asked for a new invitation. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  requestedAt: Date | null;
}
