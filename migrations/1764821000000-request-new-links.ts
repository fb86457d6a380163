import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Links that were replaced, and when the holder of a dead link last asked for a new one. They have their own table,
 * because a replica of an earlier version treats every row of invitation_token as a working link. Also adds the reason
 * why the service canceled an invitation, and an index for searches of invited addresses.
 */
export class RequestNewLinks1764821000000 implements MigrationInterface {
  name = "RequestNewLinks1764821000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dead_link (
        token_hash bytea NOT NULL,
        organization_id uuid NOT NULL,
        invitation_id uuid NOT NULL,
        requested_at timestamptz(3),
        CONSTRAINT dead_link_pkey PRIMARY KEY (token_hash),
        CONSTRAINT dead_link_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
        CONSTRAINT dead_link_invitation_id_fkey
          FOREIGN KEY (invitation_id) REFERENCES invitation(id) ON DELETE CASCADE
      );
      CREATE INDEX dead_link_organization_id_index ON dead_link (organization_id);
      CREATE INDEX dead_link_invitation_id_index ON dead_link (invitation_id);
      ALTER TABLE invitation ADD COLUMN cancellation_reason varchar(32);
      ALTER TABLE invitation ADD CONSTRAINT invitation_cancellation_reason_check
        CHECK (cancellation_reason IN ('INVITER_MAY_NOT_INVITE', 'ALREADY_A_MEMBER'));
      CREATE INDEX invitation_email_search_index ON invitation USING gin (email gin_trgm_ops) WITH (fastupdate = off)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX invitation_email_search_index;
      ALTER TABLE invitation DROP COLUMN cancellation_reason;
      DROP TABLE dead_link`);
  }
}
