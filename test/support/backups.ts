import fs from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { unprivilegedAccount } from "../../src/development/postgres/binaries";
import { startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";
import { archiveAll, baseBackup, connectAdmin, serverTime } from "./base-backup";
import { databaseDirectory } from "./database-directory";
import { PackagedPostgres } from "./packaged-postgres";
import { runbookCommands, runCommands } from "./runbook";
import { copyDatabase } from "./template-database";

/** A database of the service, with a way to back it up. */
export interface BackedUpDatabase {
  /** Absent: a database on the tests' server. */
  url?: string;
  /** Backs the database up, while no service is connected. Returns a function that restores it. */
  backUp(url: string): Promise<() => Promise<RestoredDatabase>>;
  stop(): Promise<void>;
}

export interface RestoredDatabase {
  url: string;
  drop(): Promise<void>;
}

const [DUMP = "", RESTORE_DUMP = ""] = runbookCommands("### Dumps");
const [SET_UP_ARCHIVE = "", BASE_BACKUP = "", PREPARE_RECOVERY = "", RECOVER = ""] =
  runbookCommands("### Point-in-time recovery");

/** Copies the database on its server, as a quick replacement for a dump. */
async function copied(): Promise<BackedUpDatabase> {
  const backUp = async (url: string) => {
    const copy = await copyDatabase(url);
    return () => Promise.resolve(copy);
  };
  return { backUp, stop: () => Promise.resolve() };
}

/** Dumps the database, and restores it into another cluster. */
async function dumped(): Promise<BackedUpDatabase> {
  const postgres = await PackagedPostgres.open(databaseDirectory("dumps-"));
  const { databaseUrl: url, directory } = postgres;
  const original = await postgres.create("original");
  await postgres.createDatabase();
  const restore = async () => {
    postgres.stop(original);
    await postgres.create("restored");
    await postgres.run(RESTORE_DUMP, {});
    return { url, drop: async () => undefined };
  };
  const backUp = async () => {
    await postgres.run(DUMP, {});
    return restore;
  };
  return { url, backUp, stop: async () => remove(directory, () => postgres.stopAll()) };
}

/** Recovers the database to the moment of `backUp`, from a base backup and the archived log. */
async function recovered(): Promise<BackedUpDatabase> {
  const postgres = await PackagedPostgres.open(databaseDirectory("recovery-"));
  const { databaseUrl: url, directory } = postgres;
  const original = await postgres.create("original");
  await postgres.createDatabase();
  const places = { PGDATA: original, ARCHIVE: archiveIn(directory), BASE_BACKUP: path.join(directory, "base") };
  await postgres.run(SET_UP_ARCHIVE, places);
  await postgres.run(BASE_BACKUP, places);
  const backUp = async () => {
    const STOP_AT = await withAdmin(postgres, serverTime);
    return async () => {
      await withAdmin(postgres, archiveAll);
      postgres.stop(original);
      const recovery = { ...places, PGDATA: path.join(directory, "recovered"), STOP_AT };
      await postgres.run(PREPARE_RECOVERY, recovery);
      await postgres.run(RECOVER, recovery);
      postgres.startedByCommands(recovery.PGDATA);
      return { url, drop: async () => undefined };
    };
  };
  return { url, backUp, stop: async () => remove(directory, () => postgres.stopAll()) };
}

/** The same on the embedded server, which has a newer version and no pg_basebackup. */
async function recoveredEmbedded(): Promise<BackedUpDatabase> {
  const directory = databaseDirectory("embedded-");
  const data = path.join(directory, "original");
  const ARCHIVE = archiveIn(directory);
  const archive_command = `test ! -f ${ARCHIVE}/%f && cp %p ${ARCHIVE}/%f`;
  // Without hot_standby, the server is ready only when it has recovered.
  const settings = { fsync: "off", archive_mode: "on", archive_command, hot_standby: "off" };
  const start = (cluster: string) => startEmbeddedPostgres({ directory: cluster, settings, report: () => undefined });
  const original = await start(data);
  const servers = [original];
  const admin = await connectAdmin(data, Number(new URL(original.url).port));
  const BASE_BACKUP = path.join(directory, "base");
  await baseBackup(admin, data, BASE_BACKUP);
  const backUp = async () => {
    const STOP_AT = await serverTime(admin);
    return async () => {
      await archiveAll(admin);
      await admin.end();
      await original.stop();
      const PGDATA = path.join(directory, "recovered");
      const env = { PATH: process.env.PATH ?? "", ARCHIVE, STOP_AT, PGDATA, BASE_BACKUP };
      await runCommands(PREPARE_RECOVERY, { cwd: directory, env, account: unprivilegedAccount() });
      const server = await start(PGDATA);
      servers.push(server);
      return { url: server.url, drop: async () => undefined };
    };
  };
  const stop = async () => {
    for (const server of servers) await server.stop();
    remove(directory, () => undefined);
  };
  return { url: original.url, backUp, stop };
}

/** One way to restore; with PROVE_BACKUPS, all ways. */
export const BACKUPS: Record<string, () => Promise<BackedUpDatabase>> = process.env.PROVE_BACKUPS
  ? { "a copy": copied, "a dump": dumped, "a point in time": recovered, "a point in time, embedded": recoveredEmbedded }
  : { "a copy": copied };

async function withAdmin<Result>({ adminUrl }: PackagedPostgres, work: (admin: Client) => Promise<Result>) {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  return await work(admin).finally(() => admin.end());
}

function archiveIn(directory: string): string {
  const archive = path.join(directory, "archive");
  fs.mkdirSync(archive);
  fs.chmodSync(archive, 0o777);
  return archive;
}

function remove(directory: string, stop: () => void): void {
  stop();
  fs.rmSync(directory, { recursive: true, force: true });
}
