import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import type { Client } from "pg";
import { serverBinaries, unprivilegedAccount } from "../../src/development/postgres/binaries";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";
import { baseBackup, connectAdmin } from "./base-backup";

/** A primary with a standby, which can take over. */
export class ReplicatedPostgres {
  private constructor(
    readonly primary: EmbeddedPostgres,
    readonly standbyUrl: string,
    private readonly standby: ChildProcess,
    private readonly sockets: { directory: string; port: number },
    private readonly primaryDirectory: string,
  ) {}

  private admin: Client | null = null;

  /** `directory` must be short, for the names of sockets, and open to the server's account. */
  static async start(directory: string, { isSynchronous = true } = {}): Promise<ReplicatedPostgres> {
    const data = path.join(directory, "primary");
    const primary = await startEmbeddedPostgres({
      directory: data,
      settings: { fsync: "off", max_connections: "100" },
      report: () => undefined,
    });
    const port = Number(new URL(primary.url).port);
    const admin = await connectAdmin(data, port);
    const copy = path.join(directory, "standby");
    await baseBackup(admin, data, copy);
    fs.appendFileSync(
      path.join(copy, "postgresql.auto.conf"),
      `primary_conninfo = 'host=${data} port=${port} user=postgres'\n`,
    );
    fs.writeFileSync(path.join(copy, "standby.signal"), "");
    const standbyPort = port + 1;
    const account = unprivilegedAccount();
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(standbyPort),
      unix_socket_directories: copy,
      fsync: "off",
      max_connections: "100",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const standby = spawn(path.join(serverBinaries(account), "bin", "postgres"), ["-D", copy, ...options], {
      ...account,
      stdio: "ignore",
    });
    while ((await admin.query("SELECT FROM pg_stat_replication WHERE state = 'streaming'")).rowCount === 0);
    if (isSynchronous) await admin.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await admin.query("SELECT pg_reload_conf()");
    await admin.end();
    const standbyUrl = Object.assign(new URL(primary.url), { port: String(standbyPort) }).toString();
    return new ReplicatedPostgres(primary, standbyUrl, standby, { directory: copy, port: standbyPort }, data);
  }

  /** Makes the standby the primary. The old primary does not learn of it. */
  async promote(): Promise<void> {
    await this.onStandby("SELECT pg_promote()");
  }

  /** Pauses replay: the standby still receives the log. */
  async pauseReplay(): Promise<void> {
    await this.onStandby("SELECT pg_wal_replay_pause()");
    while ((await this.onStandby("SELECT pg_get_wal_replay_pause_state() AS value")) !== "paused");
  }

  /** Resumes replay, each commit with this delay. */
  async resumeReplay(delayMs = 0): Promise<void> {
    await this.onStandby(`ALTER SYSTEM SET recovery_min_apply_delay = ${delayMs}`);
    await this.onStandby("SELECT pg_reload_conf()");
    await this.onStandby("SELECT pg_wal_replay_resume()");
  }

  /** Waits until the standby has replayed everything that is committed now. */
  async caughtUp(): Promise<void> {
    const primary = await connectAdmin(this.primaryDirectory, Number(new URL(this.primary.url).port));
    const { rows } = await primary.query("SELECT pg_current_wal_flush_lsn()::text AS lsn");
    await primary.end();
    const isReached = `SELECT pg_last_wal_replay_lsn() >= '${rows[0]?.lsn}' AS value`;
    while ((await this.onStandby(isReached)) !== true);
  }

  /** Runs a statement as the superuser. Returns its column `value`. */
  private async onStandby(text: string): Promise<unknown> {
    this.admin ??= await connectAdmin(this.sockets.directory, this.sockets.port);
    return (await this.admin.query(text)).rows[0]?.value;
  }

  async stop(): Promise<void> {
    await this.admin?.end();
    const ended = once(this.standby, "exit");
    this.standby.kill("SIGQUIT");
    await ended;
    await this.primary.stop();
  }
}
