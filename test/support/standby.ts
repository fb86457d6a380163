import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import type { Client } from "pg";
import { serverBinaries, unprivilegedAccount } from "../../src/development/postgres/binaries";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";
import { baseBackup, connectAdmin } from "./base-backup";
import { freePort } from "./free-port";
import { aMoment } from "./moment";

/** A server's folder, which has its socket, and its port. */
interface Place {
  directory: string;
  port: number;
}

/** A standby of an embedded server. */
export class StandbyServer {
  private constructor(
    readonly url: string,
    readonly place: Place,
    private readonly process: ChildProcess,
    private readonly admin: Client,
  ) {}

  /** Copies the server at `url` into `directory`, and follows it. */
  static async start(url: string, data: string, directory: string): Promise<StandbyServer> {
    const primary = { directory: data, port: Number(new URL(url).port) };
    const source = await connectAdmin(primary.directory, primary.port);
    await baseBackup(source, data, directory);
    await source.end();
    fs.appendFileSync(path.join(directory, "postgresql.auto.conf"), `primary_conninfo = '${addressOf(primary)}'\n`);
    fs.writeFileSync(path.join(directory, "standby.signal"), "");
    const port = await freePort();
    const settings = {
      ...{ listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: directory },
      ...{ fsync: "off", max_connections: "100" },
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const account = unprivilegedAccount();
    const server = spawn(path.join(serverBinaries(account), "bin", "postgres"), ["-D", directory, ...options], {
      ...account,
      stdio: "ignore",
    });
    const place = { directory, port };
    const standbyUrl = Object.assign(new URL(url), { port: String(port) }).toString();
    const standby = new StandbyServer(standbyUrl, place, server, await whenUp(place, server));
    while ((await standby.ask("SELECT count(*)::int AS value FROM pg_stat_wal_receiver")) === 0) await aMoment();
    return standby;
  }

  async promote(): Promise<void> {
    await this.ask("SELECT pg_promote()");
  }

  /** Follows another server from now on, even after its promotion. */
  async follow(server: StandbyServer): Promise<void> {
    await this.set("primary_conninfo", addressOf(server.place));
    const isFollowing = `SELECT count(*)::int AS value FROM pg_stat_wal_receiver
      WHERE sender_port = ${server.place.port} AND status = 'streaming'`;
    while ((await this.ask(isFollowing)) === 0) await aMoment();
  }

  /** Pauses replay: the standby still receives the log. */
  async pauseReplay(): Promise<void> {
    await this.ask("SELECT pg_wal_replay_pause()");
    while ((await this.ask("SELECT pg_get_wal_replay_pause_state() AS value")) !== "paused") await aMoment();
  }

  /** Resumes replay, with each commit delayed by this time. */
  async resumeReplay(delayMs = 0): Promise<void> {
    await this.set("recovery_min_apply_delay", String(delayMs));
    await this.ask("SELECT pg_wal_replay_resume()");
  }

  async hasReplayed(lsn: string): Promise<boolean> {
    return (await this.ask(`SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS value`)) === true;
  }

  /** The position up to which it has written its log as a primary, after its promotion. */
  async position(): Promise<string> {
    return String(await this.ask("SELECT pg_current_wal_flush_lsn()::text AS value"));
  }

  /** Runs a statement as the superuser. Returns its column `value`. */
  async ask(text: string): Promise<unknown> {
    return (await this.admin.query(text)).rows[0]?.value;
  }

  async stop(): Promise<void> {
    await this.admin.end();
    const ended = once(this.process, "exit");
    this.process.kill("SIGQUIT");
    await ended;
  }

  private async set(name: string, value: string): Promise<void> {
    await this.ask(`ALTER SYSTEM SET ${name} = '${value}'`);
    await this.ask("SELECT pg_reload_conf()");
  }
}

/** A primary with a standby, which can take over. */
export class ReplicatedPostgres {
  private constructor(
    readonly primary: EmbeddedPostgres,
    readonly standby: StandbyServer,
    private readonly directory: string,
  ) {}

  private readonly more: StandbyServer[] = [];
  /** The processes of a primary that hangs. */
  private stopped: number[] = [];

  /** `directory` must be short, for the names of sockets, and open to the server's account. */
  static async start(directory: string, { isSynchronous = true } = {}): Promise<ReplicatedPostgres> {
    const data = path.join(directory, "primary");
    const settings = { fsync: "off", max_connections: "100" };
    const primary = await startEmbeddedPostgres({ directory: data, settings, report: () => undefined });
    const standby = await StandbyServer.start(primary.url, data, path.join(directory, "standby"));
    if (isSynchronous) {
      const admin = await connectAdmin(data, Number(new URL(primary.url).port));
      await admin.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
      await admin.query("SELECT pg_reload_conf()");
      await admin.end();
    }
    return new ReplicatedPostgres(primary, standby, directory);
  }

  get standbyUrl(): string {
    return this.standby.url;
  }

  /** Adds a standby of the same primary. */
  async addStandby(): Promise<StandbyServer> {
    const { primary, directory, more } = this;
    const copy = path.join(directory, `standby-${more.length + 2}`);
    const standby = await StandbyServer.start(primary.url, path.join(directory, "primary"), copy);
    more.push(standby);
    return standby;
  }

  /** Makes the standby the primary. The old primary does not learn of it. */
  async promote(): Promise<void> {
    await this.standby.promote();
  }

  /** Writes this many bytes to the old primary's log, without changing data. */
  async write(bytes: number): Promise<void> {
    const admin = await this.connectPrimary();
    await admin.query("SELECT pg_logical_emit_message(true, 'test', repeat('x', $1))", [bytes]);
    await admin.end();
  }

  /** Waits until a standby has replayed everything that is committed now. */
  async caughtUp(standby: StandbyServer = this.standby): Promise<void> {
    const admin = await this.connectPrimary();
    const { rows } = await admin.query("SELECT pg_current_wal_flush_lsn()::text AS lsn");
    await admin.end();
    while (!(await standby.hasReplayed(rows[0]?.lsn))) await aMoment();
  }

  /** Stops all processes of the primary, as when its host hangs. Connections stay open, and new ones get no answer. */
  hang(): void {
    const file = path.join(this.directory, "primary", "postmaster.pid");
    this.stopped = [Number(fs.readFileSync(file, "utf8").split("\n")[0])];
    const [postmaster = 0] = this.stopped;
    // Stopped first, it starts no more processes.
    process.kill(postmaster, "SIGSTOP");
    const children = execFileSync("pgrep", ["-P", String(postmaster)], { encoding: "utf8" });
    for (const pid of children.trim().split("\n").map(Number)) {
      process.kill(pid, "SIGSTOP");
      this.stopped.push(pid);
    }
  }

  private connectPrimary(): Promise<Client> {
    return connectAdmin(path.join(this.directory, "primary"), Number(new URL(this.primary.url).port));
  }

  async stop(): Promise<void> {
    for (const pid of this.stopped) process.kill(pid, "SIGCONT");
    for (const standby of [...this.more, this.standby]) await standby.stop();
    await this.primary.stop();
  }
}

function addressOf({ directory, port }: Place): string {
  return `host=${directory} port=${port} user=postgres`;
}

/** Connects as soon as the server accepts connections. */
async function whenUp({ directory, port }: Place, server: ChildProcess): Promise<Client> {
  for (;;) {
    const admin = await connectAdmin(directory, port).catch(() => null);
    if (admin) return admin;
    if (server.exitCode !== null) throw new Error("The standby ended.");
  }
}
