import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { InvalidConfiguration } from "../config/config";

/** A private file of the data directory that is made once. */
export interface FileOnce<Content> {
  file: string;
  make(): Promise<string>;
  /** Reads what the file holds; throws where it holds something else. */
  parse(text: string): Content | Promise<Content>;
  /** What to do when it is damaged. */
  remedy: string;
}

/**
 * The content of such a file; made where it is missing. Of several processes that start together, one makes it. A file
 * that cannot be read, or is damaged, stops the start with a line that names it: it is never replaced by itself,
 * because what was signed or sealed with it would be lost. Throws InvalidConfiguration.
 */
export async function createFileOnce<Content>({
  file,
  make,
  parse,
  remedy: wayOut,
}: FileOnce<Content>): Promise<Content> {
  const fault = (what: string) => new InvalidConfiguration(`DATA_DIR: ${file} ${what}. ${wayOut}`);
  const text = await contentOf(file, make).catch((error: Error) => {
    throw fault(`cannot be read (${error.message})`);
  });
  if (text.trim() === "") throw fault("is empty");
  try {
    return await parse(text);
  } catch {
    throw fault("is damaged");
  }
}

async function contentOf(file: string, make: () => Promise<string>): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
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
