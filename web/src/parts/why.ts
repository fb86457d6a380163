import type { RefusalCode } from "../graph/generated/graphql";
import { texts } from "../texts/en";

/** Why the service would refuse something. */
export type Why = { message: string; code?: RefusalCode } | null | undefined;

/** The reason in words for people: the service names a missing permission as programs know it. */
export function wordsOf({ code, message }: NonNullable<Why>): string {
  return code === "FORBIDDEN" ? texts.roleForbids : message;
}
