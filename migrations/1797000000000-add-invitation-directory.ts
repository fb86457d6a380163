import type { MigrationInterface, QueryRunner } from "typeorm";
import { withShortLocks } from "./support/online";

/** A table on the coordinator of a distributed database, with the organizations of invitations and of invited addresses. */
export class AddInvitationDirectory1797000000000 implements MigrationInterface {
  name = "AddInvitationDirectory1797000000000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE invitation_directory");
  }
}

const TABLE = [
  `
  CREATE TABLE IF NOT EXISTS invitation_directory (
    invitation_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    email text NOT NULL,
    CONSTRAINT invitation_directory_pkey PRIMARY KEY (invitation_id)
  )`,
  "CREATE INDEX IF NOT EXISTS invitation_directory_email_index ON invitation_directory (email, organization_id)",
  "CREATE INDEX IF NOT EXISTS invitation_directory_organization_id_index ON invitation_directory (organization_id)",
];
