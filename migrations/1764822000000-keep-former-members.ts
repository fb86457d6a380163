import type { MigrationInterface, QueryRunner } from "typeorm";

/** The role and access of members who were removed or left, so that a removed one can be reinstated. */
export class KeepFormerMembers1764822000000 implements MigrationInterface {
  name = "KeepFormerMembers1764822000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE former_member (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        user_id varchar(255) NOT NULL,
        role varchar(16) NOT NULL,
        grants jsonb NOT NULL,
        joined_at timestamptz(3) NOT NULL,
        invited_by_id varchar(255),
        last_seen_at timestamptz(3),
        ended_at timestamptz(3) NOT NULL,
        has_left boolean NOT NULL,
        CONSTRAINT former_member_pkey PRIMARY KEY (organization_id, id),
        CONSTRAINT former_member_role_check CHECK (role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT former_member_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
        CONSTRAINT former_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id),
        CONSTRAINT former_member_invited_by_id_fkey FOREIGN KEY (invited_by_id) REFERENCES user_account(id)
      );
      CREATE INDEX former_member_ended_at_index ON former_member (ended_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE former_member");
  }
}
