import fs from "node:fs";
import path from "node:path";

/**
 * Whether a process is a living server: a pid can be reused by a stranger, and a zombie is none. Where that cannot be
 * found out, because file descriptors have run out, say, it lives: a server is never taken for dead by mistake.
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
  // Zero and below mean groups of processes, and 1 is never a server of ours.
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Whether a server has a living watchdog (see spawnWatched), and so belongs to a process that will stop it. Elsewhere
 * than on Linux that is taken for granted.
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
