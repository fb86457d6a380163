import type { GraphQLResolveInfo } from "graphql";
import { createParameterDecorator } from "type-graphql";
import { Refusal } from "../schema/refusal";
import type { Command } from "../src/commands/runner/command";
import type { Context } from "../src/context";
import { type RefusalData, Refused } from "../src/domain/refusal";
import { countRefusal } from "../src/process-metrics";
import { idempotentCall } from "./idempotent-call";
import { orNotFound } from "./or-not-found";

/** Runs a command and returns its success, or the Refusal if the domain says no. */
export type RunMutation = <Input, Outcome, Success>(
  command: Command<Input, Outcome>,
  input: Input,
  toSuccess: (outcome: Outcome) => Success,
) => Promise<Success | Refusal>;

/** A value that is read only if the client selects it: graphql-js calls functions that it finds on objects. */
export type Lazy<Value> = (args: unknown, context: Context) => Value | Promise<Value>;

/** Injects a RunMutation into a mutation's resolver, bound to the viewer and the request's Idempotency-Key. */
export function Run() {
  return createParameterDecorator<Context>(({ context, info }) => runnerOf(context, info));
}

/** Returns the RunMutation of a mutation's resolver. */
export function runnerOf(context: Context, info: GraphQLResolveInfo): RunMutation {
  return async (command, input, toSuccess) => {
    try {
      return toSuccess(await context.run(command, input, idempotentCall(context, info)));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      countRefusal(error.refusal.code);
      return toRefusal(error.refusal);
    }
  };
}

/** A refusal as an object of the graph's type, by which unions recognize it. */
export function toRefusal(data: RefusalData): Refusal {
  return Object.assign(new Refusal(), data);
}

/** Loads what a success contains, after the change. Subscription and BYOK configuration take the organization's id. */
export const load = {
  organization: loadById("organization", ({ loaders }, id) => loaders.organization.load(id)),
  member: loadById("member", ({ loaders }, id) => loaders.member.load(id)),
  workspace: loadById("workspace", ({ loaders }, id) => loaders.workspace.load(id)),
  accessReview: loadById("access review", ({ loaders }, id) => loaders.accessReview.load(id)),
  invitation: loadById("invitation", ({ loaders }, id) => loaders.invitation.load(id)),
  invitations:
    (ids: readonly string[]): Lazy<object[]> =>
    (args, context) =>
      Promise.all(ids.map((id) => load.invitation(id)(args, context))),
  subscription: loadById("organization", ({ loaders }, id) => loaders.subscriptionOfOrganization.load(id)),
  byokConfig: loadById("configuration", ({ loaders }, id) => loaders.byokOfOrganization.load(id)),
};

function loadById(what: string, read: (context: Context, id: string) => Promise<object | null>) {
  return (id: string): Lazy<object> =>
    (_args, context) =>
      orNotFound(read(context, id), what);
}
