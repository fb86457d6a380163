import { Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";

/**
 * The hash of a link's secret token. The token is generated when the mail is sent, so that it is never stored, not even in
 * a job. A retried mail leaves two hashes; resending deletes all of them.
 */
@Entity("invitation_token")
@Index(["invitationId"])
@Index(["tokenHash"])
@ForeignKey("Invitation", ["organizationId", "invitationId"], ["organizationId", "id"], { onDelete: "CASCADE" })
export class InvitationToken {
  @PrimaryColumn("uuid")
  organizationId: string;

  @PrimaryColumn("bytea")
  tokenHash: Buffer;

  @Column("uuid")
  invitationId: string;
}
