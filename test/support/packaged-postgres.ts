import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { unprivilegedAccount } from "../../src/development/postgres/binaries";
import { freePort } from "./free-port";
import { runCommands } from "./runbook";

const PACKAGES = "/usr/lib/postgresql";
const PASSWORD = "password-of-a-test";

/** Debian's PostgreSQL with its client programs, which the embedded one lacks. */
export class PackagedPostgres {
  private readonly account = unprivilegedAccount();
  private readonly running = new Set<string>();

  private constructor(
    /** The folder for clusters, backups and archives. */
    readonly directory: string,
    private readonly programs: string,
    private readonly port: number,
  ) {}

  static async open(directory: string): Promise<PackagedPostgres> {
    const versions = fs.existsSync(PACKAGES) ? fs.readdirSync(PACKAGES).filter((name) => /^\d+$/.test(name)) : [];
    const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
    if (newest === undefined) throw new Error(`Install Debian's package postgresql: ${PACKAGES} is empty.`);
    return new PackagedPostgres(directory, path.join(PACKAGES, newest, "bin"), await freePort());
  }

  get adminUrl(): string {
    return `postgres://postgres:${PASSWORD}@127.0.0.1:${this.port}/postgres`;
  }

  get databaseUrl(): string {
    return `postgres://organizations:${PASSWORD}@127.0.0.1:${this.port}/organizations`;
  }

  /** Creates a cluster and starts it. One cluster runs at a time, always at the same address. */
  async create(name: string): Promise<string> {
    const data = path.join(this.directory, name);
    const passwords = path.join(this.directory, "passwords");
    fs.writeFileSync(passwords, PASSWORD);
    const auth = ["--auth-local=trust", "--auth-host=scram-sha-256", `--pwfile=${passwords}`];
    this.call("initdb", "--pgdata", data, "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", ...auth);
    fs.appendFileSync(
      path.join(data, "postgresql.conf"),
      `port = ${this.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${data}'\nfsync = off\n`,
    );
    this.start(data);
    return data;
  }

  /** Creates the service's role and its database. */
  async createDatabase(): Promise<void> {
    const admin = new Client({ connectionString: this.adminUrl });
    await admin.connect();
    await admin.query(`CREATE ROLE organizations LOGIN PASSWORD '${PASSWORD}'`);
    await admin.query("CREATE DATABASE organizations OWNER organizations ENCODING 'UTF8' TEMPLATE template0");
    await admin.end();
  }

  start(data: string): void {
    this.call("pg_ctl", "--pgdata", data, "--log", path.join(data, "server.log"), "--wait", "start");
    this.running.add(data);
  }

  stop(data: string): void {
    if (this.running.delete(data)) this.call("pg_ctl", "--pgdata", data, "--mode=immediate", "--wait", "stop");
  }

  /** For a cluster that a block of commands has started. */
  startedByCommands(data: string): void {
    this.running.add(data);
  }

  stopAll(): void {
    for (const data of [...this.running]) this.stop(data);
  }

  /** Runs a block of docs/operations.md. */
  async run(commands: string, variables: Record<string, string>): Promise<void> {
    const urls = { ADMIN_URL: this.adminUrl, DATABASE_URL: this.databaseUrl, PASSWORD };
    const env = { PATH: `${this.programs}:${process.env.PATH}`, LC_ALL: "C.UTF-8", ...urls, ...variables };
    await runCommands(commands, { cwd: this.directory, env, account: this.account });
  }

  private call(program: string, ...args: string[]): void {
    const options = { ...this.account, cwd: this.directory, stdio: "ignore" } as const;
    execFileSync(path.join(this.programs, program), args, options);
  }
}
