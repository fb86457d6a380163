import { Client, DatabaseError } from "pg";
import { type Account, serverBinaries, unprivilegedAccount } from "./binaries";
import { type Cluster, openCluster } from "./cluster";
import { keepRunning } from "./keep-running";
import { findPostmaster, startPostmaster, whenGone, whenReady } from "./postmaster";

/** A real PostgreSQL server of our own, on loopback. */
export interface EmbeddedPostgres {
  url: string;
  /** Whether this process uses a server that another process started. */
  adopted: boolean;
  stop(): Promise<void>;
}

/** The options of the launcher. `settings` are passed to the server unchanged. */
export interface EmbeddedOptions {
  directory: string;
  settings?: Readonly<Record<string, string>>;
  /** Lets the service's role create databases, for tests that clone one. */
  allowCreateDatabase?: boolean;
  report(line: string): void;
  /** Aborted when the process has to end. A start that still waits for the server then throws the reason. */
  ending?: AbortSignal;
}

const NAME = "organizations";

const ATTEMPTS = 5;
/** Advisory lock for creating role and database, so that processes that start together do not collide. */
export const SETUP_LOCK = 7_236_114_412;

/** Starts the server of a directory, and creates its files if needed. Uses a server that is already running. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = unprivilegedAccount();
  const native = serverBinaries(account);
  const cluster = openCluster(options.directory, native, account, options.report);
  for (let attempt = 1; ; attempt++) {
    const alive = findPostmaster(cluster.data);
    let isOther = alive !== undefined;
    try {
      const server = alive
        ? await whenReady(cluster.data, options.ending)
        : await startPostmaster(native, cluster, account, options.settings ?? {}, { ending: options.ending });
      isOther = !server.isOurs;
      await createRoleAndDatabase(cluster, server.port, options.allowCreateDatabase === true);
      const url = `postgres://${NAME}:${cluster.password}@127.0.0.1:${server.port}/${NAME}`;
      const stop = keepRunning(server, options.report, () =>
        startAgain(native, cluster, account, options, server.port),
      );
      return { url, adopted: !server.isOurs, stop };
    } catch (error) {
      options.ending?.throwIfAborted();
      // The server that was alive a moment ago is shutting down: by the watchdog of a killed process, or by a process
      // that started together with this one and is already ending.
      if (!isOther || !isLeaving(error) || attempt === ATTEMPTS) throw error;
      await whenGone(cluster.data);
    }
  }
}

/** Whether an error means that the server is shutting down or unreachable. */
function isLeaving(error: unknown): boolean {
  return !(error instanceof DatabaseError) || /^57P0/.test(error.code ?? "");
}

/** Uses the same port, because this process's connection pool reconnects to it. */
async function startAgain(native: string, cluster: Cluster, account: Account, options: EmbeddedOptions, port: number) {
  // Another process with the same directory may have started a server first.
  if (findPostmaster(cluster.data)) return await whenReady(cluster.data);
  return await startPostmaster(native, cluster, account, options.settings ?? {}, { givenPort: port });
}

/** Creates the service's role, which is no superuser, and its database. Idempotent, in case a start was killed. */
async function createRoleAndDatabase({ sockets, password }: Cluster, port: number, createDatabase: boolean) {
  const admin = new Client({ host: sockets, port, user: "postgres", database: "postgres" });
  await admin.connect();
  try {
    await admin.query("SELECT pg_advisory_lock($1)", [SETUP_LOCK]);
    const { rows } = await admin.query(
      "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role, EXISTS (SELECT FROM pg_database WHERE datname = $1) AS db",
      [NAME],
    );
    const verb = rows[0]?.role ? "ALTER" : "CREATE";
    const rights = createDatabase ? "CREATEDB" : "NOCREATEDB";
    await admin.query(`${verb} ROLE ${NAME} LOGIN NOSUPERUSER ${rights} PASSWORD '${password}'`);
    if (!rows[0]?.db) await admin.query(`CREATE DATABASE ${NAME} OWNER ${NAME}`);
  } finally {
    await admin.end();
  }
}
