import fs from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { unprivilegedAccount } from "../../src/development/postgres/binaries";

/** A superuser's connection to an embedded server, by its socket. */
export async function connectAdmin(host: string, port: number): Promise<Client> {
  const admin = new Client({ host, port, user: "postgres", database: "postgres" });
  await admin.connect();
  return admin;
}

/** Copies the files of a running server. The packaged server has no pg_basebackup. */
export async function baseBackup(admin: Client, data: string, copy: string): Promise<void> {
  await admin.query("SELECT pg_backup_start('copy', true)");
  const isLeftOut = (file: string) => /postmaster\.(pid|opts)$|\.s\.PGSQL|pg_internal\.init/.test(file);
  fs.cpSync(data, copy, { recursive: true, filter: (file) => !isLeftOut(file) });
  const { rows } = await admin.query("SELECT labelfile FROM pg_backup_stop()");
  fs.writeFileSync(path.join(copy, "backup_label"), rows[0]?.labelfile ?? "");
  fs.chmodSync(copy, 0o700);
  const { uid, gid } = unprivilegedAccount();
  if (uid === undefined || gid === undefined) return;
  for (const entry of ["", ...(fs.readdirSync(copy, { recursive: true }) as string[])])
    fs.chownSync(path.join(copy, entry), uid, gid);
}

/** The server's time, in the form of recovery_target_time. */
export async function serverTime(admin: Client): Promise<string> {
  const { rows } = await admin.query("SELECT clock_timestamp()::text AS now");
  return rows[0]?.now;
}

/** Waits until everything that was committed is in the archive. */
export async function archiveAll(admin: Client): Promise<void> {
  const { rows } = await admin.query("SELECT pg_walfile_name(pg_switch_wal()) AS file");
  const isArchived = "SELECT FROM pg_stat_archiver WHERE last_archived_wal >= $1";
  while ((await admin.query(isArchived, [rows[0]?.file])).rowCount === 0);
}
