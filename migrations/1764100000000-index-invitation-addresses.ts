import type { MigrationInterface, QueryRunner } from "typeorm";

/** Whoever watches what they receive is told of answered invitations too, not of pending ones alone. */
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
