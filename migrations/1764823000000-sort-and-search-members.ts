import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Members are sorted and searched within their organization by columns of their own row, because an index cannot span
 * two tables. Triggers copy the texts from the person, so that they stay correct even if a replica of an earlier
 * version writes. The copy after a change of a name is deferred to the commit: until then the transaction may wait for
 * organizations, and must not hold rows of members, for which commands wait that hold an organization. A new member
 * waits for such a change, because it would otherwise copy the name from before. member_search_keys makes one number of
 * each run of one to three characters and the organization, so that an index finds any part of a text, however short,
 * in one organization. It needs no extension. Its high cost keeps the planner from computing it for every row instead
 * of using the index. A row has about a hundred keys: collected and merged in small portions, they are written three
 * times as fast as one by one, and searches read through 64 kB at most.
 */
export class SortAndSearchMembers1764823000000 implements MigrationInterface {
  name = "SortAndSearchMembers1764823000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE member ADD COLUMN name_key text NOT NULL DEFAULT '', ADD COLUMN search_text text NOT NULL DEFAULT '';
      UPDATE member m SET search_text = u.search_text, name_key = left(split_part(u.search_text, E'\\n', 1), 100)
        FROM user_account u WHERE u.id = m.user_id AND u.search_text IS NOT NULL`);
    await runner.query(FUNCTIONS);
    await runner.query(`
      CREATE TRIGGER member_texts BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION copy_texts_to_member();
      CREATE CONSTRAINT TRIGGER user_account_texts AFTER UPDATE OF search_text ON user_account
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (NEW.search_text IS DISTINCT FROM OLD.search_text) EXECUTE FUNCTION copy_texts_to_members()`);
    await runner.query(`
      CREATE INDEX member_organization_id_name_key_index ON member (organization_id, name_key COLLATE "C", id);
      CREATE INDEX member_organization_id_role_index ON member (organization_id, (CASE role
        WHEN 'OWNER' THEN 0 WHEN 'ADMIN' THEN 1 WHEN 'DEVELOPER' THEN 2 ELSE 3 END), joined_at, id);
      CREATE INDEX member_organization_id_last_seen_index
        ON member (organization_id, (coalesce(last_seen_at, to_timestamp(0))), id);
      CREATE INDEX member_search_keys_index ON member USING gin (member_search_keys(organization_id, search_text, 1))
        WITH (fastupdate = on, gin_pending_list_limit = 64)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER user_account_texts ON user_account;
      DROP TRIGGER member_texts ON member;
      DROP INDEX member_search_keys_index;
      DROP INDEX member_organization_id_last_seen_index;
      DROP INDEX member_organization_id_role_index;
      DROP INDEX member_organization_id_name_key_index;
      DROP FUNCTION copy_texts_to_member, copy_texts_to_members, member_search_keys;
      ALTER TABLE member DROP COLUMN name_key, DROP COLUMN search_text`);
  }
}

const FUNCTIONS = `
  CREATE FUNCTION member_search_keys(organization uuid, content text, shortest int) RETURNS bigint[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
    SELECT array_agg(DISTINCT hashtextextended(organization::text || substr(content, at, size), 0))
    FROM generate_series(shortest, 3) AS size, generate_series(1, char_length(content) - size + 1) AS at
  $$;
  CREATE FUNCTION copy_texts_to_member() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    SELECT coalesce(search_text, '') INTO NEW.search_text FROM user_account WHERE id = NEW.user_id FOR SHARE;
    NEW.search_text := coalesce(NEW.search_text, '');
    NEW.name_key := left(split_part(NEW.search_text, E'\\n', 1), 100);
    RETURN NEW;
  END $$;
  CREATE FUNCTION copy_texts_to_members() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE member SET search_text = coalesce(NEW.search_text, ''),
      name_key = left(split_part(coalesce(NEW.search_text, ''), E'\\n', 1), 100)
    WHERE user_id = NEW.id;
    RETURN NULL;
  END $$`;
