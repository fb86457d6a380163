import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./binaries";
import type { Cluster } from "./cluster";

/** A running server, as its postmaster.pid tells of it. */
export interface Postmaster {
  pid: number;
  port: number;
  isReady: boolean;
}

const POLL_MS = 10;
const PATIENCE_MS = 60_000;
const SHUTDOWN_MS = 10_000;
const PORT_ATTEMPTS = 5;

/** The server of a data directory, where one is alive. A file left behind by a dead one is taken away. */
export function findPostmaster(data: string): Postmaster | undefined {
  const postmaster = readPidFile(data);
  if (!postmaster) return undefined;
  if (isLivePostgres(postmaster.pid)) return postmaster;
  fs.rmSync(path.join(data, "postmaster.pid"), { force: true });
  return undefined;
}

/** Waits until the server of a data directory answers. Throws when it is gone or does not come up. */
export async function whenReady(data: string): Promise<Postmaster> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const postmaster = readPidFile(data);
    if (postmaster?.isReady) return postmaster;
    // It was on its way out, and has left with its file.
    if (!postmaster || !isLivePostgres(postmaster.pid)) break;
    await delay(POLL_MS);
  }
  throw new Error("The embedded PostgreSQL does not come up.");
}

/** Waits a while for a server that is on its way out. */
export async function whenGone(data: string): Promise<void> {
  const deadline = Date.now() + SHUTDOWN_MS;
  while (Date.now() < deadline && findPostmaster(data)) await delay(POLL_MS);
}

/** Starts a server on a port of the loopback interface, a free one or the one given, and waits until it answers. */
export async function startPostmaster(
  native: string,
  cluster: Cluster,
  account: Account,
  settings: Readonly<Record<string, string>>,
  givenPort?: number,
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = givenPort ?? (await freePort());
    const server = spawnWatched(path.join(native, "bin", "postgres"), argumentsFor(cluster, port, settings), account);
    const postmaster = await cameUp(server, cluster.data, port);
    if (postmaster) return postmaster;
    const other = findPostmaster(cluster.data);
    if (other) return await whenReady(cluster.data);
    // Somebody took the port between our look and the server's.
    if (attempt < PORT_ATTEMPTS && /could not bind|already in use/.test(server.complaints())) continue;
    throw new Error(`The embedded PostgreSQL did not start: ${server.complaints().trim()}`);
  }
}

/** Shuts a server down and waits until it is gone. */
export async function stopPostmaster(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    return;
  }
  while (isLivePostgres(pid)) await delay(POLL_MS);
}

function argumentsFor({ data, sockets }: Cluster, port: number, settings: Readonly<Record<string, string>>): string[] {
  const fixed = { listen_addresses: "127.0.0.1", unix_socket_directories: sockets, max_connections: "200", jit: "off" };
  const all = Object.entries({ ...fixed, ...settings });
  return ["-D", data, "-p", String(port), ...all.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/**
 * Starts the server beside a watchdog: a shell that waits on a pipe from this process. When this process ends, however
 * it ends, the pipe closes and the watchdog shuts the server down.
 */
function spawnWatched(binary: string, args: string[], account: Account): ChildProcess & { complaints(): string } {
  const watchdog =
    'exec 4<&3; "$@" </dev/null 3<&- 4<&- & p=$!; trap "" INT TERM HUP; ' +
    "(while read -r _; do :; done; kill -INT $p) <&4 3<&- 4<&- >/dev/null 2>&1 & exec 3<&- 4<&-; wait $p";
  const child = spawn("/bin/sh", ["-c", watchdog, "watchdog", binary, ...args], {
    ...account,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { LC_ALL: "C" },
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4096);
  });
  return Object.assign(child, { complaints: () => said });
}

async function cameUp(server: ChildProcess, data: string, port: number): Promise<Postmaster | undefined> {
  while (server.exitCode === null && server.signalCode === null) {
    const postmaster = readPidFile(data);
    if (postmaster?.isReady && postmaster.port === port) {
      server.unref();
      for (const stream of [server.stderr, server.stdio[3]]) (stream as net.Socket | null)?.unref();
      return postmaster;
    }
    await delay(POLL_MS);
  }
  return undefined;
}

function readPidFile(data: string): Postmaster | undefined {
  try {
    const lines = fs.readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
    const status = lines[7]?.trim();
    return { pid: Math.abs(Number(lines[0])), port: Number(lines[3]), isReady: status === "ready" };
  } catch {
    return undefined;
  }
}

/** Whether a process is a living server: a pid can be reused by a stranger, and a zombie is none. */
export function isLivePostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== "linux") return true;
    if (/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"))) return false;
    const [program = ""] = fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
    return path.basename(program) === "postgres";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
