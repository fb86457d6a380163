import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { InvalidConfiguration } from "../../config/config";
import { Denied } from "../../domain/denial";

/** The documents that clients were built with, by the SHA-256 of their text. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/**
 * Reads a list of documents: a JSON object of SHA-256 and text, as the GraphQL Code Generator's client preset and
 * Apollo's manifests have them. Throws InvalidConfiguration.
 */
export function readTrustedDocuments(file: string): TrustedDocuments {
  try {
    const listed = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, "utf8")));
    for (const text of Object.values(listed)) parse(text);
    return new Map(Object.values(listed).map((text) => [sha256(text), text]));
  } catch {
    throw new InvalidConfiguration("TRUSTED_DOCUMENTS: expected a JSON file of SHA-256 and GraphQL document.");
  }
}

/** Throws BAD_USER_INPUT for a document that is not on the list; what comes as a hash is looked up in it anyway. */
export function assertTrusted(trusted: TrustedDocuments, text: unknown): void {
  if (typeof text !== "string" || trusted.has(sha256(text))) return;
  throw new Denied("BAD_USER_INPUT", "Only the documents that clients were built with are answered here.");
}

const MOST_CHARACTERS = 4 * 1024 * 1024;

/** The documents that may come as their hash alone: the list where there is one, else what clients have sent before. */
export function persistedDocuments(trusted: TrustedDocuments | null) {
  const registered = new LRUCache<string, string>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ length }) => length,
  });
  const get = (hash: string) => (trusted ? trusted.get(hash) : registered.get(hash));
  const hashOf = (key: string) => key.replace(/^apq:/, "");
  return {
    /** The document that a request's extensions name. */
    textOf: (extensions: unknown): string | undefined => {
      const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
      const hash = persistedQuery?.sha256Hash;
      return typeof hash === "string" ? get(hash) : undefined;
    },
    /** As Apollo Server wants to be given it. */
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
