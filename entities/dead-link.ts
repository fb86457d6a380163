import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";

/**
 * The hash of a link's token that was replaced by a newer link, or whose holder asked for a new one after it had expired.
 */
@Entity("dead_link")
@Index(["organizationId"])
@Index(["invitationId"])
export class DeadLink {
  @PrimaryColumn("bytea")
  tokenHash: Buffer;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @Column("uuid")
  organizationId: string;

  @ForeignKey("Invitation", { onDelete: "CASCADE" })
  @Column("uuid")
  invitationId: string;

  /** When the holder last asked for a new invitation. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  requestedAt: Date | null;
}
