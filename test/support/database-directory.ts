import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Creates a directory for a database of a test, in memory if possible. The server's account may write in it. */
export function databaseDirectory(prefix: string): string {
  const parent = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();
  const directory = fs.mkdtempSync(path.join(parent, prefix));
  fs.chmodSync(directory, 0o777);
  return directory;
}
