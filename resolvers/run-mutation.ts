import type { GraphQLResolveInfo } from "graphql";
import { Refusal } from "../schema/refusal";
import type { Command } from "../src/commands/runner/command";
import type { Context } from "../src/context";
import { type RefusalData, Refused } from "../src/domain/refusal";
import { idempotentCall } from "./idempotent-call";
import { present } from "./permitted";

/** A value that is read when a client selects it: graphql calls functions it finds on objects. */
export type Lazy<Value> = (args: unknown, context: Context) => Value | Promise<Value>;

/**
 * Runs a command and answers with its success or, where the domain says no, with the Refusal: the union's other arm.
 * `success` turns the outcome, mostly ids, into what the success shows.
 */
export async function answer<Input, Outcome, Success>(
  context: Context,
  info: GraphQLResolveInfo,
  command: Command<Input, Outcome>,
  input: Input,
  success: (outcome: Outcome) => Success,
): Promise<Success | Refusal> {
  try {
    return success(await context.run(command, input, idempotentCall(context, info)));
  } catch (error) {
    if (error instanceof Refused) return refusalOf(error.refusal);
    throw error;
  }
}

/** A refusal as the graph's type. */
export function refusalOf(data: RefusalData): Refusal {
  return Object.assign(new Refusal(), data);
}

/** Entities that a mutation's success shows, loaded after the change. */
export const load = {
  organization: shown("organization", ({ loaders }, id) => loaders.organization.load(id)),
  member: shown("member", ({ loaders }, id) => loaders.member.load(id)),
  workspace: shown("workspace", ({ loaders }, id) => loaders.workspace.load(id)),
  invitation: shown("invitation", ({ loaders }, id) => loaders.invitation.load(id)),
  invitations:
    (ids: readonly string[]): Lazy<object[]> =>
    (args, context) =>
      Promise.all(ids.map((id) => load.invitation(id)(args, context))),
  /** Of an organization, by its id; as are the other two. */
  subscription: shown("organization", ({ loaders }, id) => loaders.subscriptionOfOrganization.load(id)),
  byokConfig: shown("configuration", ({ loaders }, id) => loaders.byokOfOrganization.load(id)),
};

function shown(what: string, read: (context: Context, id: string) => Promise<object | null>) {
  return (id: string): Lazy<object> =>
    (_args, context) =>
      present(what, read(context, id));
}
