import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Searches compare folded text, by index; workspace names that look the same count as the same. `fillKeys` runs after
 * the migrations and fills both for existing rows, because the domain folds text and SQL cannot. The index has no
 * fastupdate, because every search would have to read its pending list, and names rarely change.
 */
export class CompareFoldedText1764710000000 implements MigrationInterface {
  name = "CompareFoldedText1764710000000";

  async up(runner: QueryRunner): Promise<void> {
    // With Citus, IF NOT EXISTS fails for an extension of another role.
    const known = await runner.query("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'");
    if (known.length === 0) await runner.query("CREATE EXTENSION IF NOT EXISTS pg_trgm");
    await runner.query(`
      ALTER TABLE user_account ADD COLUMN search_text text;
      CREATE INDEX user_account_search_text_index ON user_account USING gin (search_text gin_trgm_ops)
        WITH (fastupdate = off);
      CREATE INDEX user_account_without_search_text ON user_account (id) WHERE search_text IS NULL;
      ALTER TABLE workspace ADD COLUMN name_looks text;
      CREATE INDEX workspace_name_key_search_index ON workspace USING gin (name_key gin_trgm_ops)
        WITH (fastupdate = off) WHERE deleted_at IS NULL;
      CREATE UNIQUE INDEX workspace_organization_id_name_looks_index ON workspace (organization_id, name_looks)
        WHERE deleted_at IS NULL;
      CREATE INDEX workspace_without_looks ON workspace (id) WHERE name_looks IS NULL AND deleted_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX workspace_name_key_search_index;
      ALTER TABLE workspace DROP COLUMN name_looks;
      ALTER TABLE user_account DROP COLUMN search_text`);
  }
}
