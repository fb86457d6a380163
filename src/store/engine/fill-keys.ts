import type { ClientBase } from "pg";
import { nameKey, nameLooks, personSearchText } from "../../domain/text";

const BATCH = 1_000;
const UNIQUE_VIOLATION = "23505";

/**
 * Fills in the search and comparison keys of rows that earlier versions wrote. Runs at every start, because a replica of
 * an earlier version may have written rows since. Without such rows it costs one lookup in each of two partial indexes.
 */
export async function fillKeys(client: ClientBase): Promise<void> {
  await fillSearchTexts(client);
  await fillNameKeys(client);
}

async function fillSearchTexts(client: ClientBase): Promise<void> {
  type Row = { id: string; name: string; email: string | null; emailVerified: boolean };
  await forEachBatch<Row>(
    client,
    `SELECT id, name, email, email_verified AS "emailVerified" FROM user_account
     WHERE search_text IS NULL AND id > $1 ORDER BY id LIMIT ${BATCH}`,
    "",
    (people) =>
      client.query(
        `UPDATE user_account u SET search_text = filled.text
         FROM unnest($1::text[], $2::text[]) AS filled (id, text) WHERE u.id = filled.id AND u.search_text IS NULL`,
        [people.map(({ id }) => id), people.map(personSearchText)],
      ),
  );
}

// Among names that are equal by the new rule, the oldest workspace gets the key, and the others keep their old one: no
// workspace is renamed. Without a unique index on the key, only the commands would enforce the rule.
const FILL_KEYS = (column: "name_key" | "name_looks") => `
  WITH filled AS (
    SELECT DISTINCT ON (w.organization_id, f.key) w.id, w.organization_id, f.key
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS f (id, name, key)
    JOIN workspace w ON w.id = f.id AND w.name = f.name AND w.deleted_at IS NULL
    WHERE f.key IS NOT NULL ORDER BY w.organization_id, f.key, w.created_at, w.id
  )
  UPDATE workspace w SET ${column} = filled.key FROM filled
  WHERE w.id = filled.id AND w.${column} IS DISTINCT FROM filled.key AND NOT EXISTS (
    SELECT 1 FROM workspace other
    WHERE other.organization_id = filled.organization_id AND other.${column} = filled.key
      AND other.deleted_at IS NULL AND other.id <> filled.id)`;

async function fillNameKeys(client: ClientBase): Promise<void> {
  await forEachBatch<{ id: string; name: string }>(
    client,
    `SELECT id, name FROM workspace
     WHERE name_looks IS NULL AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT ${BATCH}`,
    "00000000-0000-0000-0000-000000000000",
    async (workspaces) => {
      const [ids, names] = [workspaces.map(({ id }) => id), workspaces.map(({ name }) => name)];
      await unlessTaken(client.query(FILL_KEYS("name_key"), [ids, names, names.map(nameKey)]));
      await unlessTaken(client.query(FILL_KEYS("name_looks"), [ids, names, names.map(nameLooks)]));
    },
  );
}

/** Ignores a name that a command has just taken. The next start fills in the rest. */
async function unlessTaken(filling: Promise<unknown>): Promise<void> {
  await filling.catch((error: { code?: string }) => {
    if (error.code !== UNIQUE_VIOLATION) throw error;
  });
}

async function forEachBatch<Row extends { id: string }>(
  client: ClientBase,
  select: string,
  from: string,
  work: (rows: Row[]) => Promise<unknown>,
): Promise<void> {
  let last = from;
  for (;;) {
    const { rows } = await client.query<Row>(select, [last]);
    if (rows.length > 0) await work(rows);
    if (rows.length < BATCH) return;
    last = rows.at(-1)?.id ?? last;
  }
}
