import type { RefusalCode } from "../graph/generated/graphql";
import { texts } from "../texts/en";

/** Why the service would refuse something. */
export type Why = { message: string; code?: RefusalCode } | null | undefined;

/** The reason in words for people, because the service names a missing permission by its code. */
export function wordsOf({ code, message }: NonNullable<Why>): string {
  return code === "FORBIDDEN" ? texts.roleForbids : message;
}
