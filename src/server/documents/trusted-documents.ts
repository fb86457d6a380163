import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { InvalidConfiguration } from "../../config/config";
import { Denied } from "../../domain/denial";

/** The documents that clients were built with, by their SHA-256. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/**
 * Reads files of trusted documents: JSON objects from SHA-256 to text, as the client preset of GraphQL Code Generator
 * writes them. Throws InvalidConfiguration.
 */
export function readTrustedDocuments(...files: string[]): TrustedDocuments {
  try {
    const texts = files.flatMap((file) => {
      return Object.values(z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, "utf8"))));
    });
    for (const text of texts) parse(text);
    return new Map(texts.map((text) => [sha256(text), text]));
  } catch {
    throw new InvalidConfiguration(
      "TRUSTED_DOCUMENTS: expected a JSON file that maps SHA-256 hashes to GraphQL documents.",
    );
  }
}

/** Throws BAD_USER_INPUT for a document that is not on the list. Hashes need no check: they are looked up in the list. */
export function assertTrusted(trusted: TrustedDocuments, text: unknown): void {
  if (typeof text !== "string" || trusted.has(sha256(text))) return;
  throw new Denied("BAD_USER_INPUT", "Only the documents that clients were built with are allowed here.");
}

const MAX_CACHED_CHARACTERS = 4 * 1024 * 1024;

/**
 * Documents that clients may send as a hash: the trusted ones or, without a list, those that clients have sent before.
 */
export function persistedDocuments(trusted: TrustedDocuments | null) {
  const registered = new LRUCache<string, string>({
    maxSize: MAX_CACHED_CHARACTERS,
    sizeCalculation: ({ length }) => length,
  });
  const get = (hash: string) => (trusted ? trusted.get(hash) : registered.get(hash));
  const hashOf = (key: string) => key.replace(/^apq:/, "");
  return {
    /** The document that the extensions name by its hash. */
    textOf: (extensions: unknown): string | undefined => {
      const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
      const hash = persistedQuery?.sha256Hash;
      return typeof hash === "string" ? get(hash) : undefined;
    },
    /** The cache in the form of Apollo Server's option. */
    cache: {
      get: async (key: string) => get(hashOf(key)),
      set: async (key: string, text: string) => {
        registered.set(hashOf(key), text);
      },
      delete: async (key: string) => registered.delete(hashOf(key)),
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
