import { DatabaseClient } from "./connection";

const STATEMENT_MS = 10_000;

/** SQL: whether this is the database of a Citus cluster. */
export const HAS_CITUS = "EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";

/** Whether a database is the coordinator of a Citus cluster. */
export async function hasCitus(url: string): Promise<boolean> {
  const client = new DatabaseClient({ connectionString: url, statementMs: STATEMENT_MS });
  try {
    await client.connect();
    const { rows } = await client.query(`SELECT ${HAS_CITUS} AS "hasCitus"`);
    return rows[0].hasCitus;
  } finally {
    await client.end().catch(() => undefined);
  }
}
