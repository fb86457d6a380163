import type { Context } from "../src/context";

type Representation = { id: string };
type Resolve = (representation: Representation, context: Context) => Promise<object | null>;

/**
 * Resolves the gateway's representations to entities, through the same loaders and visibility as every other read. Each
 * resolver is async: a synchronous throw would fail all representations of the request.
 */
export const references: Record<string, { __resolveReference: Resolve }> = {
  User: reference(({ loaders }, id) => loaders.user.load(id)),
  Organization: reference(({ loaders }, id) => loaders.organization.load(id)),
  Member: reference(({ loaders }, id) => loaders.member.load(id)),
  Workspace: reference(({ loaders }, id) => loaders.workspace.load(id)),
  AccessReview: reference(({ loaders }, id) => loaders.accessReview.load(id)),
  Invitation: reference(({ loaders }, id) => loaders.invitation.load(id)),
  ByokConfig: reference(({ loaders }, id) => loaders.byokConfig.load(id)),
  OrganizationSubscription: reference(({ loaders }, id) => loaders.subscription.load(id)),
};

function reference(load: (context: Context, id: string) => Promise<object | null>): { __resolveReference: Resolve } {
  return {
    __resolveReference: async ({ id }, context) => (typeof id === "string" ? await load(context, id) : null),
  };
}
