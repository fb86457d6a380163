import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { freePort } from "./free-port";

// .ci/run installs PgBouncer and requires these tests. Elsewhere they run if PgBouncer is installed.
export const hasPooler = process.env.REQUIRE_PGBOUNCER !== undefined || isInstalled();

/** PgBouncer in front of a server and all its databases. */
export class Pooler {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly port: number,
  ) {}

  static async start(serverUrl: string, { serverConnections = 5, mode = "transaction" } = {}): Promise<Pooler> {
    const { hostname, port: serverPort, username, password } = new URL(serverUrl);
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-pooler-"));
    fs.chmodSync(directory, 0o755);
    const port = await freePort();
    const file = path.join(directory, "pgbouncer.ini");
    fs.writeFileSync(
      file,
      `[databases]
* = host=${hostname} port=${serverPort} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${serverConnections}
max_client_conn = 200
`,
    );
    const asUser = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
    const child = spawn("pgbouncer", ["-q", ...asUser, file], { stdio: ["ignore", "ignore", "inherit"] });
    const pooler = new Pooler(child, directory, port);
    while (!(await listens(port))) if (child.exitCode !== null) throw new Error("PgBouncer ended.");
    return pooler;
  }

  /** A database's URL through this pooler. */
  url(target: string): string {
    return Object.assign(new URL(target), { port: String(this.port) }).toString();
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

function isInstalled(): boolean {
  try {
    execFileSync("pgbouncer", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
