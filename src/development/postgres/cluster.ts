import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Account, majorVersion } from "./binaries";

/** A cluster's directories, and the password of its only role that can log in over TCP. */
export interface Cluster {
  data: string;
  sockets: string;
  password: string;
}

const MAX_SOCKET_DIRECTORY_BYTES = 80;

/** Creates the cluster if needed. If the process is killed, it leaves no incomplete cluster behind. */
export function openCluster(
  directory: string,
  native: string,
  account: Account,
  report: (line: string) => void,
): Cluster {
  const data = reachable(path.resolve(directory), account, report);
  if (!fs.existsSync(path.join(data, "PG_VERSION"))) initialize(data, native, account);
  assertSameVersion(data, majorVersion(native, account));
  return { data, sockets: socketDirectory(data, account), password: passwordOf(data, account) };
}

/** A server starts only on files of its own major version. */
function assertSameVersion(data: string, server: number): void {
  const file = path.join(data, "PG_VERSION");
  const wayOut = `Restore ${data} from a backup, or set DATA_DIR to another directory.`;
  const text = contentOf(file, wayOut);
  if (text === String(server)) return;
  if (!/^\d+$/.test(text)) throw new Error(`${file} is empty or damaged. ${wayOut}`);
  throw new Error(
    `${data} belongs to PostgreSQL ${text}, and the embedded server is ${server}. Set DATA_DIR to another directory, ` +
      `or run PostgreSQL ${text} on it and set DATABASE_URL.`,
  );
}

// The unprivileged account cannot enter a data directory below a private home directory, even one that it owns.
function reachable(directory: string, account: Account, report: (line: string) => void): string {
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  const probe = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", path.dirname(directory)], { ...account, stdio: "ignore" });
  if (probe.status === 0) return directory;
  const name = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  const elsewhere = path.join("/var/lib/cloudthinker-organizations", name, "postgres");
  fs.mkdirSync(path.dirname(elsewhere), { recursive: true, mode: 0o755 });
  report(`The embedded PostgreSQL has no access to ${directory}, so its files are in ${elsewhere}.`);
  return elsewhere;
}

function initialize(data: string, native: string, account: Account): void {
  const part = fs.mkdtempSync(`${data}.part-`);
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(part, account.uid, account.gid);
  const passwordFile = path.join(part, "..", `.${path.basename(part)}.password`);
  const options = [
    "-U",
    "postgres",
    "-E",
    "UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-instructions",
  ];
  const auth = ["--auth-local=trust", "--auth-host=scram-sha-256", `--pwfile=${passwordFile}`];
  fs.writeFileSync(passwordFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(passwordFile, account.uid, account.gid);
  const env = { LC_ALL: "C" };
  const made = spawnSync(path.join(native, "bin", "initdb"), ["-D", part, ...options, ...auth], {
    ...account,
    env,
    encoding: "utf8",
  });
  fs.rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    fs.rmSync(part, { recursive: true, force: true });
    throw new Error(`The embedded PostgreSQL could not be set up: ${made.stderr || made.error?.message}`);
  }
  try {
    fs.renameSync(part, data);
  } catch (error) {
    // Another process created the cluster first; use that one.
    fs.rmSync(part, { recursive: true, force: true });
    if (fs.existsSync(path.join(data, "PG_VERSION"))) return;
    throw new Error(
      `${data} is in the way of the embedded PostgreSQL (${String((error as NodeJS.ErrnoException).code)}). ` +
        "Move it away, or set DATA_DIR to another directory.",
    );
  }
}

// A socket path has at most 107 bytes. Local connections are trusted, so only the account may enter the folder.
function socketDirectory(data: string, account: Account): string {
  if (Buffer.byteLength(data) <= MAX_SOCKET_DIRECTORY_BYTES) return data;
  const name = createHash("sha256").update(data).digest("hex").slice(0, 16);
  const directory = path.join(os.tmpdir(), `organizations-pg-${name}`);
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(directory, account.uid, account.gid);
  return directory;
}

function passwordOf(data: string, account: Account): string {
  const file = path.join(data, "organizations.password");
  const wayOut = "Delete it: the next start creates a new one.";
  if (!fs.existsSync(file)) makePassword(file, account);
  const password = contentOf(file, wayOut);
  if (/^[0-9a-f]{48}$/.test(password)) return password;
  throw new Error(`${file} is empty or damaged. ${wayOut}`);
}

/** Some of Node's messages, such as that of EISDIR, do not name the file. */
function contentOf(file: string, wayOut: string): string {
  try {
    return fs.readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Error(`${file} cannot be read (${String((error as NodeJS.ErrnoException).code)}). ${wayOut}`);
  }
}

// link() fails if the file exists: of two processes, one wins, and neither reads half a file.
function makePassword(file: string, account: Account): void {
  const part = `${file}.${randomBytes(8).toString("hex")}`;
  fs.writeFileSync(part, randomBytes(24).toString("hex"), { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(part, account.uid, account.gid);
  try {
    fs.linkSync(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(part);
  }
}
