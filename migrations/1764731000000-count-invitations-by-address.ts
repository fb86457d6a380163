import type { MigrationInterface, QueryRunner } from "typeorm";

/** The times at which an address was invited, over all organizations, for as long as they count. */
export class CountInvitationsByAddress1764731000000 implements MigrationInterface {
  name = "CountInvitationsByAddress1764731000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invited_address (
        address varchar(254) NOT NULL,
        sent_at timestamptz(3)[] NOT NULL,
        CONSTRAINT invited_address_pkey PRIMARY KEY (address)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE invited_address");
  }
}
