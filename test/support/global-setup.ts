import path from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";
import { databaseDirectory } from "./database-directory";
import { Pooler } from "./pooler";
import { createTemplateDatabase } from "./template-database";

declare global {
  var embeddedForTests: { postgres: EmbeddedPostgres; directory: string } | undefined;
  var poolerForTests: Pooler | undefined;
}

/** One real PostgreSQL server for the whole run, in memory if the system has room for files there. */
export default async function globalSetup(): Promise<void> {
  const directory = databaseDirectory("organizations-test-");
  const postgres = await startEmbeddedPostgres({
    directory: path.join(directory, "pg"),
    settings: {
      ...{ fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" },
      // A role that is not a superuser cannot disconnect autovacuum workers from a database that it drops.
      autovacuum: "off",
    },
    allowCreateDatabase: true,
    report: () => undefined,
  });
  globalThis.embeddedForTests = { postgres, directory };
  process.env.TEST_DATABASE_URL = postgres.url;
  await createTemplateDatabase(postgres.url);
  if (process.env.THROUGH_POOLER === undefined) return;
  globalThis.poolerForTests = await Pooler.start(postgres.url);
  process.env.TEST_POOLER_PORT = String(globalThis.poolerForTests.port);
}
