import type { GraphQLResolveInfo } from "graphql";
import { rule } from "graphql-shield";
import type { Context } from "../src/context";

export interface CommandInput {
  organizationId?: string;
  workspaceId?: string;
  credentials?: { organizationId?: string };
}

/** The field that a rule checks. */
export interface GuardedField {
  parent: unknown;
  args: { input?: CommandInput; mutation?: Record<string, CommandInput | null>; representations?: unknown[] };
  info: GraphQLResolveInfo;
}

export type Rule = ReturnType<ReturnType<typeof rule>>;

/** A rule that lets a request pass unless the check throws. The client gets the denial that it throws. */
export function toRule(check: (context: Context, field: GuardedField) => void | Promise<void>): Rule {
  return rule({ cache: "no_cache" })(async (parent, args: GuardedField["args"], context: Context, info) => {
    try {
      await check(context, { parent, args, info });
      return true;
    } catch (denial) {
      // graphql-shield turns a thrown error into a mere "no"; a returned error keeps its code.
      return denial instanceof Error ? denial : new Error("A rule failed.");
    }
  });
}
