import { CombinedGraphQLErrors } from "@apollo/client/errors";
import type { DryRunQuery } from "../graph/generated/graphql";
import type { Problem } from "./use-command";

export type DryRunSuccess = Extract<DryRunQuery["dryRun"], { __typename: "DryRunSuccess" }>;

interface Refused extends Problem {
  __typename: "Refusal";
}

/** What a mutation would do, or why the service would refuse it. */
export type Outcome = DryRunSuccess | Refused;

/**
 * The refusal behind the error of a dry run. What the viewer may not do, or no longer sees because others have removed
 * it, is an error and not a result. Null: the dry run itself failed.
 */
export function refusalBehind(error: unknown): Refused | null {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  if (!first) return null;
  const { code } = first.extensions ?? {};
  if (code === "FORBIDDEN") return { __typename: "Refusal", code, message: first.message };
  return code === "NOT_FOUND" ? { __typename: "Refusal", message: first.message } : null;
}
