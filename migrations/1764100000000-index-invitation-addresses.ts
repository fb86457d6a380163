import type { MigrationInterface, QueryRunner } from "typeorm";

/** People who follow their received invitations get answered ones too, not only pending ones. */
export class IndexInvitationAddresses1764100000000 implements MigrationInterface {
  name = "IndexInvitationAddresses1764100000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX invitation_email_index");
    await runner.query("CREATE INDEX invitation_email_index ON invitation (email)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX invitation_email_index");
    await runner.query("CREATE INDEX invitation_email_index ON invitation (email) WHERE status = 'PENDING'");
  }
}
