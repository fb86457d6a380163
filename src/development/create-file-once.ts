import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { InvalidConfiguration } from "../config/config";

/** A private file of the data directory that is created once. */
export interface FileOnce<Content> {
  file: string;
  make(): Promise<string>;
  /** Parses the file. Throws if it is damaged. */
  parse(text: string): Content | Promise<Content>;
  /** The advice in the error message if it is damaged. */
  remedy: string;
}

/**
 * Returns the file's content and creates it if it is missing. If several processes start together, one creates it.
 * Throws InvalidConfiguration if the file is unreadable or damaged. The file is never replaced automatically, because
 * everything signed or sealed with it would be lost.
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
  // link() fails if the file exists: of two processes, one wins.
  await link(part, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(part);
  return await readFile(file, "utf8");
}
