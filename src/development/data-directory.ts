import { randomUUID } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

/** Creates the directory if needed and writes a probe file into it. Throws if that fails. */
export async function assertWritableDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    const probe = path.join(directory, `.probe-${randomUUID()}`);
    await writeFile(probe, "", { mode: 0o600 });
    await rm(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${directory} cannot be written (${reason}). Set it to a directory in which this process may write.`,
    );
  }
}

/** Node's recursive mkdir would loop for ever below /proc, where a created directory stays missing. */
async function makeDirectory(directory: string): Promise<void> {
  const missing: string[] = [];
  for (let at = directory; !(await isDirectory(at)); at = path.dirname(at)) missing.unshift(at);
  for (const each of missing) {
    await mkdir(each).catch(async (error: NodeJS.ErrnoException) => {
      // Another process may have created the directory first.
      if (error.code !== "EEXIST" || !(await isDirectory(each))) throw error;
    });
  }
}

async function isDirectory(at: string): Promise<boolean> {
  try {
    if ((await stat(at)).isDirectory()) return true;
    throw new Error(`${at} is not a directory`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
