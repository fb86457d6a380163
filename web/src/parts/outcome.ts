import { CombinedGraphQLErrors } from "@apollo/client/errors";
import type { DryRunQuery, RefusalCode } from "../graph/generated/graphql";
import { wordsOf } from "./why";

/** Why a mutation had no effect. `code` and the fields below are set if the service refused it. */
export interface Problem {
  message: string;
  code?: RefusalCode;
  path?: readonly string[] | null;
  limit?: { used: number; limit: number | null } | null;
  retryAfterSeconds?: number | null;
}

export interface Refused extends Problem {
  __typename: "Refusal";
}

export type DryRunSuccess = Extract<DryRunQuery["dryRun"], { __typename: "DryRunSuccess" }>;

/** What a mutation would do, or why the service would refuse it. */
export type Outcome = DryRunSuccess | Refused;

/**
 * The refusal behind the error of a dry run. What the viewer may not do, or no longer sees because others have removed
 * it, is an error and not a result. Null: the dry run itself failed.
 */
export function refusalBehind(error: unknown): Refused | null {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  if (!first) return null;
  const { message, extensions } = first;
  const code = extensions?.code;
  if (code === "FORBIDDEN") return { __typename: "Refusal", code, message: wordsOf({ code, message }) };
  return code === "NOT_FOUND" ? { __typename: "Refusal", message } : null;
}
