import type { World } from "./world";

/**
 * A hash of a database's content: every row of every table, including jobs, and every sequence. The embedded PostgreSQL
 * has no pg_dump. Statistics are left out, because PostgreSQL has them in views of its own schema.
 */
export async function contentOf(world: World): Promise<Record<string, string>> {
  const tables = await world.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
  );
  const hashes = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS hash FROM ${name} t`,
  );
  const sequences = `SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value::text, '') FROM pg_sequences`;
  const rows = await world.query<{ name: string; hash: string }>([...hashes, sequences].join(" UNION ALL "));
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}
