import { DatabaseClient } from "./connection";
import { DIRECTORIES } from "./distribution";

const STATEMENT_MS = 10_000;

/** SQL: whether this is the database of a Citus cluster. */
export const HAS_CITUS = "EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";

/** SQL: whether Citus knows the directories, which `npm run distribute` has filled before. Needs Citus. */
export const HAS_DIRECTORIES = `${DIRECTORIES.length} = (
  SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = ANY (ARRAY[${DIRECTORIES.map((table) => `to_regclass('${table}')`)}]))`;

/** Whether a database is the coordinator of a Citus cluster, and whether it has filled directories. */
export async function readCitus(url: string): Promise<{ isDistributed: boolean; hasDirectories: boolean }> {
  const client = new DatabaseClient({ connectionString: url, statementMs: STATEMENT_MS });
  try {
    await client.connect();
    const { rowCount } = await client.query(`SELECT WHERE ${HAS_CITUS}`);
    if (rowCount === 0) return { isDistributed: false, hasDirectories: false };
    const directories = await client.query(`SELECT WHERE ${HAS_DIRECTORIES}`);
    return { isDistributed: true, hasDirectories: directories.rowCount === 1 };
  } finally {
    await client.end().catch(() => undefined);
  }
}
