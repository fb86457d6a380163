import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { migrate } from "../../src/store/engine/migrate";
import { partitionTables } from "./partition-tables";

const TEMPLATE = "template_organizations";
/** The default writes every page to the log, which takes twice the time for a database of this size. */
const BY_FILES = "STRATEGY FILE_COPY";

/** Whether the tables of organizations are hash-partitioned in the databases of tests: `npm run test:partitioned`. */
export const IS_PARTITIONED = process.env.ON_PARTITIONS !== undefined;

/** Migrates a database once, which tests clone. */
export async function createTemplateDatabase(serverUrl: string): Promise<void> {
  await onServer(serverUrl, `DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await onServer(serverUrl, `CREATE DATABASE ${TEMPLATE}`);
  await migrate(urlOf(serverUrl, TEMPLATE));
  if (IS_PARTITIONED) await partitionTables(urlOf(serverUrl, TEMPLATE));
}

/** A new migrated database for a test file; with `empty`, one without tables. */
export async function cloneDatabase({ empty = false } = {}): Promise<{ url: string; drop(): Promise<void> }> {
  const serverUrl = process.env.TEST_DATABASE_URL ?? "";
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${empty ? "template0" : TEMPLATE} ${BY_FILES}`);
  return {
    url: urlOf(serverUrl, name),
    drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** A copy of a database without connections, on the same server. */
export async function copyDatabase(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const serverUrl = process.env.TEST_DATABASE_URL ?? "";
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)} ${BY_FILES}`);
  return { url: urlOf(serverUrl, name), drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

function urlOf(serverUrl: string, database: string): string {
  return Object.assign(new URL(serverUrl), { pathname: `/${database}` }).toString();
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Two workers may copy the template at the same time, but PostgreSQL allows only one.
    for (;;) {
      const done = await client.query(statement).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code === "55006") return false;
          throw error;
        },
      );
      if (done) return;
    }
  } finally {
    await client.end();
  }
}
