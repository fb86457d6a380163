import type { MigrationInterface, QueryRunner } from "typeorm";

/** The organizations' own AWS keys, sealed. */
export class BringOwnKeys1764400000000 implements MigrationInterface {
  name = "BringOwnKeys1764400000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE byok_config (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        access_key_id_hint varchar(16) NOT NULL,
        is_temporary boolean NOT NULL,
        session_token_expires_at timestamptz(3),
        region varchar(32) NOT NULL,
        inference_profile varchar(16) NOT NULL,
        fallback varchar(16) NOT NULL,
        enabled boolean NOT NULL,
        version uuid NOT NULL,
        master_key_id varchar(2048) NOT NULL,
        wrapped_key bytea NOT NULL,
        sealed_access_key_id bytea NOT NULL,
        sealed_secret_access_key bytea NOT NULL,
        sealed_session_token bytea,
        last_verification jsonb,
        failures smallint NOT NULL DEFAULT 0,
        failures_since timestamptz(3),
        failing_since timestamptz(3),
        expiry_notices smallint NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT byok_config_pkey PRIMARY KEY (id),
        CONSTRAINT byok_config_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
        CONSTRAINT byok_config_inference_profile_check CHECK (inference_profile IN ('GLOBAL', 'US', 'EU', 'APAC')),
        CONSTRAINT byok_config_fallback_check CHECK (fallback IN ('ALLOW', 'DENY'))
      )
    `);
    await runner.query("CREATE UNIQUE INDEX byok_config_organization_id_index ON byok_config (organization_id)");
    await runner.query(
      "CREATE INDEX byok_config_session_token_expires_at_index ON byok_config (session_token_expires_at)",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE byok_config");
  }
}
