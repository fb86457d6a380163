import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";

/**
 * The secret of a link, as a hash. It is made when the mail is sent, so that it is never stored in the clear, not even
 * in a job; a mail that is tried twice leaves two of them, and resending deletes them all.
 */
@Entity("invitation_token")
@Index(["invitationId"])
export class InvitationToken {
  @PrimaryColumn("bytea")
  tokenHash: Buffer;

  @ForeignKey("Invitation", { onDelete: "CASCADE" })
  @Column("uuid")
  invitationId: string;
}
