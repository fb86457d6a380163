import { ROLE_COUNTERS } from "../counts";

/*
 * A trigger runs on the node of the row that fires it, and reaches that node alone. These functions replace those of the
 * migrations, for the same triggers.
 */

/**
 * The name of a person is copied to their members on each node, as the person's row is. The tables of those members are
 * shards, whose names are not known in advance.
 */
const COPY_TEXTS = `
  CREATE OR REPLACE FUNCTION copy_texts_to_members() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE shard text;
  BEGIN
    FOR shard IN
      SELECT 'member_' || s.shardid FROM pg_dist_shard s JOIN pg_dist_placement p USING (shardid)
      WHERE s.logicalrelid = 'member'::regclass AND p.groupid = (SELECT groupid FROM pg_dist_local_group)
      ORDER BY s.shardid
    LOOP
      EXECUTE format('UPDATE %I SET search_text = $1, name_key = left(split_part($1, E''\\n'', 1), 100) WHERE user_id = $2', shard)
      USING coalesce(NEW.search_text, ''), NEW.id;
    END LOOP;
    RETURN NULL;
  END $$`;

/**
 * A new member waits for a change of their name, as without shards: for the copy of the person's row on its own node. A lock
 * through the person's table would wait for the transaction's own locks on other nodes.
 */
const COPY_TEXTS_TO_ONE = `
  CREATE OR REPLACE FUNCTION copy_texts_to_member() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('SELECT search_text FROM %I WHERE id = $1 FOR SHARE', (
      SELECT 'user_account_' || shardid FROM pg_dist_shard WHERE logicalrelid = 'user_account'::regclass))
    INTO NEW.search_text USING NEW.user_id;
    NEW.search_text := coalesce(NEW.search_text, '');
    NEW.name_key := left(split_part(NEW.search_text, E'\\n', 1), 100);
    RETURN NEW;
  END $$`;

/** A counted table, its table of counters with the columns that tell its rows apart, and the condition of each counter. */
interface Counting {
  table: string;
  counters: string;
  key: readonly string[];
  columns: Readonly<Record<string, string>>;
}

const BY_ORGANIZATION = { counters: "organization_count", key: ["organization_id"] };
/** The settings of the migrations' functions: plans that were made for small tables are by index once these have grown. */
const BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off";
const STATUSES = ["pending", "accepted", "declined", "canceled", "expired"];
const COUNTED: readonly Counting[] = [
  {
    ...{ table: "member", ...BY_ORGANIZATION },
    columns: Object.fromEntries(
      Object.entries(ROLE_COUNTERS).map(([role, counter]) => [counter, `r.role = '${role}'`]),
    ),
  },
  {
    ...{ table: "invitation", ...BY_ORGANIZATION },
    columns: Object.fromEntries(
      STATUSES.map((status) => [`${status}_invitations`, `r.status = '${status.toUpperCase()}'`]),
    ),
  },
  { ...{ table: "workspace", ...BY_ORGANIZATION }, columns: { workspaces: "r.deleted_at IS NULL" } },
  {
    ...{ table: "workspace_assignment", counters: "workspace_count", key: ["organization_id", "workspace_id"] },
    columns: { members: "NOT r.is_dormant" },
  },
];

const CHANGES = {
  INSERT: "SELECT n.*, 1 AS change FROM new_rows n",
  DELETE: "SELECT o.*, -1 AS change FROM old_rows o",
  UPDATE: "SELECT n.*, 1 AS change FROM new_rows n UNION ALL SELECT o.*, -1 FROM old_rows o",
};

/**
 * Changes each row of counters by a statement of its own, in the order of their keys. Citus plans no statement that joins the
 * changed rows with a table, because they belong to none. On one server, one statement for all of them is faster.
 */
function countByKey({ table, counters, key, columns }: Counting): string {
  const names = Object.keys(columns);
  const sums = names.map((name) => `coalesce(sum(r.change) FILTER (WHERE ${columns[name]}), 0) AS ${name}`);
  const branches = Object.entries(CHANGES).map(
    ([event, changed]) => `
    IF TG_OP = '${event}' THEN
      FOR d IN SELECT ${key}, ${sums} FROM (${changed}) r GROUP BY ${key} ORDER BY ${key} LOOP
        IF ${names.map((name) => `d.${name} <> 0`).join(" OR ")} THEN
          UPDATE ${counters} c SET ${names.map((name) => `${name} = c.${name} + d.${name}`)}
          WHERE ${key.map((column) => `c.${column} = d.${column}`).join(" AND ")};
        END IF;
      END LOOP;
    END IF;`,
  );
  return `CREATE OR REPLACE FUNCTION count_${table}() RETURNS trigger LANGUAGE plpgsql ${BY_INDEX} AS $$
    DECLARE d record;
    BEGIN ${branches.join("")}
      RETURN NULL;
    END $$`;
}

const START_COUNTING = [
  `CREATE OR REPLACE FUNCTION start_counting() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE one record;
  BEGIN
    FOR one IN SELECT id FROM new_rows LOOP
      INSERT INTO organization_count (organization_id) VALUES (one.id);
    END LOOP;
    RETURN NULL;
  END $$`,
  `CREATE OR REPLACE FUNCTION start_counting_access() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE one record;
  BEGIN
    FOR one IN SELECT organization_id, id FROM new_rows LOOP
      INSERT INTO workspace_count (organization_id, workspace_id) VALUES (one.organization_id, one.id);
    END LOOP;
    RETURN NULL;
  END $$`,
];

const COPY_ROLES = `
  CREATE OR REPLACE FUNCTION copy_roles_to_assignments() RETURNS trigger LANGUAGE plpgsql ${BY_INDEX} AS $$
  DECLARE m record;
  BEGIN
    FOR m IN
      SELECT organization_id, id, bool_or(is_new AND role IN ('OWNER', 'ADMIN')) AS is_dormant
      FROM (
        SELECT organization_id, id, role, true AS is_new FROM new_rows
        UNION ALL SELECT organization_id, id, role, false FROM old_rows
      ) changed
      GROUP BY organization_id, id HAVING min(role) <> max(role) ORDER BY organization_id, id
    LOOP
      UPDATE workspace_assignment a SET is_dormant = m.is_dormant
      WHERE a.organization_id = m.organization_id AND a.member_id = m.id AND a.is_dormant <> m.is_dormant;
    END LOOP;
    RETURN NULL;
  END $$`;

/** The functions that count, which also run on one server. */
export const COUNTING_BY_KEY: readonly string[] = [...COUNTED.map(countByKey), ...START_COUNTING, COPY_ROLES];

/** Replace functions that would reach other nodes. The setting lets distributed tables have triggers. */
export const TRIGGERS_ON_NODES: readonly string[] = [
  "SET citus.enable_unsafe_triggers = on",
  ...[COPY_TEXTS_TO_ONE, COPY_TEXTS],
  ...COUNTING_BY_KEY,
];
