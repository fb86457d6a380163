import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { v7 as newId, validate } from "uuid";
import type { Mailer } from "./mailer";

export interface MailSummary {
  id: string;
  to: string;
  subject: string;
  sentAt: Date;
}

export interface StoredMail extends MailSummary {
  text: string;
  html: string;
}

/** Stores mail when no SMTP server is configured. */
export interface DevelopmentMailbox extends Mailer {
  /** Newest first. */
  list(): Promise<StoredMail[]>;
  read(id: string): Promise<StoredMail | null>;
}

const MAX_MAILS = 500;

/** Stores each mail as a file. Invitation links must not enter the database, which has only their hashes. */
export function createDevelopmentMailbox(directory: string): DevelopmentMailbox {
  const fileOf = (id: string) => path.join(directory, `${id}.json`);
  const ids = async () => {
    const files = await readdir(directory).catch(() => []);
    return files
      .flatMap((file) => (file.endsWith(".json") ? [path.basename(file, ".json")] : []))
      .sort()
      .reverse();
  };
  const read = async (id: string): Promise<StoredMail | null> => {
    if (!validate(id)) return null;
    const text = await readFile(fileOf(id), "utf8").catch(() => null);
    if (text === null) return null;
    try {
      const mail = JSON.parse(text) as StoredMail;
      return { ...mail, sentAt: new Date(mail.sentAt) };
    } catch {
      // Skip a damaged file, so that the list still shows the others.
      return null;
    }
  };
  return {
    send: async ({ to, subject, text, html }) => {
      const mail: StoredMail = { id: newId(), to, subject, text, html, sentAt: new Date() };
      await mkdir(directory, { recursive: true });
      await writeFile(`${fileOf(mail.id)}.part`, JSON.stringify(mail), { mode: 0o600 });
      await rename(`${fileOf(mail.id)}.part`, fileOf(mail.id));
      for (const old of (await ids()).slice(MAX_MAILS)) await rm(fileOf(old), { force: true });
    },
    list: async () => (await Promise.all((await ids()).map(read))).filter((mail) => mail !== null),
    read,
    close: async () => undefined,
  };
}
