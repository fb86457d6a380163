import fs from "node:fs";
import path from "node:path";

/**
 * Whether a process is a living server. Another program can have reused the pid, and a zombie does not count. If this
 * cannot be found out, for example because file descriptors have run out, the answer is yes: a living server must never
 * count as dead.
 */
export function isLivePostgres(pid: number): boolean {
  if (!exists(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    if (/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"))) return false;
    const [program = ""] = fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
    return path.basename(program) === "postgres";
  } catch {
    // It may have ended since.
    return exists(pid);
  }
}

/** Whether there is a process with this id. */
export function exists(pid: number): boolean {
  // Zero and negative numbers stand for groups of processes, and 1 is never one of these servers.
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Whether a server has a living watchdog (see spawnWatched), and so belongs to a process that will stop it. On other
 * systems than Linux the answer is always yes.
 */
export function isWatched(pid: number): boolean {
  if (process.platform !== "linux") return true;
  try {
    const parent = /\) \S (\d+)/.exec(fs.readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    return fs.readFileSync(`/proc/${parent}/cmdline`, "latin1").split("\0").includes("watchdog");
  } catch {
    return exists(pid);
  }
}
