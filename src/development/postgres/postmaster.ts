import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./binaries";
import type { Cluster } from "./cluster";
import { exists, isLivePostgres } from "./server-process";

/** A running server, as its postmaster.pid describes it. */
export interface Postmaster {
  pid: number;
  port: number;
  isReady: boolean;
  /** Whether this process started it, and stops it. */
  isOurs: boolean;
}

const POLL_MS = 10;
const START_TIMEOUT_MS = 60_000;
const SHUTDOWN_TIMEOUT_MS = 10_000;
const PORT_ATTEMPTS = 5;

/** The server of a data directory, if one is alive. */
export function findPostmaster(data: string): Postmaster | undefined {
  const postmaster = readPidFile(data);
  if (!postmaster) return undefined;
  if (isLivePostgres(postmaster.pid)) return postmaster;
  if (exists(postmaster.pid)) removeStale(data, postmaster.pid);
  return undefined;
}

/**
 * Removes the pid file of a dead server whose pid now belongs to another program, which PostgreSQL would take for a
 * server. If no process has the pid, PostgreSQL replaces the file itself. The file is renamed before it is deleted: if
 * another process has just written the file of a living server, it is put back.
 */
function removeStale(data: string, pid: number): void {
  const file = path.join(data, "postmaster.pid");
  const taken = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, taken);
    if (Number(fs.readFileSync(taken, "utf8").split("\n")[0]) !== pid) fs.linkSync(taken, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  }
  fs.rmSync(taken, { force: true });
}

/** Waits until the server of a data directory answers. Throws if it ends or does not become ready in time. */
export async function whenReady(data: string, ending?: AbortSignal): Promise<Postmaster> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    ending?.throwIfAborted();
    const postmaster = readPidFile(data);
    if (postmaster?.isReady) return postmaster;
    // The server was shutting down, and has ended and removed its file.
    if (!postmaster || !isLivePostgres(postmaster.pid)) break;
    await delay(POLL_MS);
  }
  throw new Error("The embedded PostgreSQL did not become ready. Try again, or set DATABASE_URL.");
}

/** Waits for a server that is shutting down, within a time limit. */
export async function whenGone(data: string): Promise<void> {
  const deadline = Date.now() + SHUTDOWN_TIMEOUT_MS;
  while (Date.now() < deadline && findPostmaster(data)) await delay(POLL_MS);
}

/** Starts a server on a port of the loopback interface, a free one or the one given, and waits until it answers. */
export async function startPostmaster(
  native: string,
  cluster: Cluster,
  account: Account,
  settings: Readonly<Record<string, string>>,
  { givenPort, ending }: { givenPort?: number; ending?: AbortSignal } = {},
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = givenPort ?? (await freePort());
    const server = spawnWatched(path.join(native, "bin", "postgres"), argumentsFor(cluster, port, settings), account);
    const postmaster = await waitUntilUp(server, cluster.data, port, ending);
    if (postmaster) return postmaster;
    // The watchdog of the failed server ends with the pipe.
    (server.stdio?.[3] as net.Socket | null | undefined)?.destroy();
    // Another process that started at the same moment was first. Use its server.
    if (findPostmaster(cluster.data)) return await whenReady(cluster.data, ending);
    // Another program took the port between the search for a free one and the start.
    if (attempt < PORT_ATTEMPTS && /could not bind|already in use/.test(server.complaints())) continue;
    throw new Error(
      `the embedded PostgreSQL does not start in ${cluster.data}: ${reasonIn(server.complaints())} ` +
        "Mend that, restore the directory from a backup, or set DATA_DIR to another directory.",
    );
  }
}

/** The last lines of a server's output, which say why it ended, without time stamps. */
function reasonIn(complaints: string): string {
  const said = [...complaints.matchAll(/(?:FATAL|PANIC|ERROR|DETAIL):\s+(.*)/g)].map(([, text]) => text);
  return said.length > 0 ? said.slice(-3).join(" ") : complaints.trim() || "it gives no reason.";
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
  // No process was created, for example because file descriptors ran out.
  child.once("error", (error) => {
    said += `FATAL: ${error.message}.`;
  });
  return Object.assign(child, { complaints: () => said });
}

async function waitUntilUp(
  server: ChildProcess,
  data: string,
  port: number,
  ending: AbortSignal | undefined,
): Promise<Postmaster | undefined> {
  while (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
    ending?.throwIfAborted();
    const postmaster = readPidFile(data);
    if (postmaster?.isReady && postmaster.port === port) {
      server.unref();
      for (const stream of [server.stderr, server.stdio[3]]) (stream as net.Socket | null)?.unref();
      return { ...postmaster, isOurs: true };
    }
    await delay(POLL_MS);
  }
  return undefined;
}

function readPidFile(data: string): Postmaster | undefined {
  try {
    const lines = fs.readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
    const status = lines[7]?.trim();
    return { pid: Math.abs(Number(lines[0])), port: Number(lines[3]), isReady: status === "ready", isOurs: false };
  } catch {
    return undefined;
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
