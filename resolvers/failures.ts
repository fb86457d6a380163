import type { GraphQLResolveInfo } from "graphql";
import { Refusal } from "../schema/refusal";
import type { Command } from "../src/commands/command";
import type { Context } from "../src/context";
import { type RefusalData, Refused } from "../src/domain/refusal";

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
    return success(await context.run(command, input, String(info.path.key)));
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
  organization:
    (id: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.organization.load(id),
  member:
    (id: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.member.load(id),
  workspace:
    (id: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.workspace.load(id),
  invitation:
    (id: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.invitation.load(id),
  invitations:
    (ids: string[]): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.invitation.loadMany(ids),
  subscription:
    (organizationId: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.subscriptionOfOrganization.load(organizationId),
  byokConfig:
    (organizationId: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.byokOfOrganization.load(organizationId),
  user:
    (id: string): Lazy<unknown> =>
    (_args, { loaders }) =>
      loaders.user.load(id),
};
