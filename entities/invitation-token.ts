import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";

/**
 * The hash of a link's secret token. The token is generated when the mail is sent, so that it is never stored, not even in
 * a job. A retried mail leaves two hashes; resending deletes all of them.
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
