import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** The content of a private file; made where it is missing. Of several processes that start together, one makes it. */
export async function keepOnce(file: string, make: () => Promise<string>): Promise<string> {
  const known = await readFile(file, "utf8").catch(() => null);
  if (known) return known;
  const part = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(part, await make(), { mode: 0o600 });
  // A link fails where the file is there: of two that start together, one wins.
  await link(part, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(part);
  return await readFile(file, "utf8");
}
