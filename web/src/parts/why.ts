import type { RefusalCode } from "../graph/generated/graphql";
import { texts } from "../texts/en";

/** Why the service would refuse something. */
export type Why = { message: string; code?: RefusalCode } | null | undefined;

/** Sentences for people, where the service's own is for API clients: it names a permission's code or a header. */
const WORDS: Partial<Record<RefusalCode, string>> = {
  FORBIDDEN: texts.roleForbids,
  IDEMPOTENCY_KEY_REUSED: texts.answeredBefore,
};

/** The reason in words for people. */
export function wordsOf({ code, message }: NonNullable<Why>): string {
  return (code && WORDS[code]) ?? message;
}
