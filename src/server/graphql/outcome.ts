import type { GraphQLError } from "graphql";

const FAILURES = new Set(["INTERNAL_SERVER_ERROR", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ERROR"]);

/** How an operation ended: "ok", or the code of its first error. */
export function outcomeOf(errors: readonly GraphQLError[] | undefined): string {
  return errors ? String(errors[0]?.extensions?.code ?? "ERROR") : "ok";
}

/** Whether an operation succeeded, was refused because of its client, or failed because of the service. */
export function outcomeClass(outcome: string): "ok" | "refused" | "failed" {
  if (outcome === "ok") return "ok";
  return FAILURES.has(outcome) ? "failed" : "refused";
}
