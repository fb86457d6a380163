import { type FieldPolicy, InMemoryCache, type Reference, type StoreObject } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import type { InvitationStatus } from "./generated/graphql";

/**
 * Caches entities by id and merges the pages of a list, separately for each filter. A Refusal is not an entity: it stays
 * in its own response.
 */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      Query: { fields: { organization: byId("Organization"), workspace: byId("Workspace") } },
      Organization: {
        fields: {
          members: pagesOf(["search", "roles", "orderBy"]),
          workspaces: pagesOf(["search"]),
          invitations: invitationList(),
          auditLog: pagesOf(["types", "actorId", "workspaceId", "since", "until"]),
          accessReviews: pagesOf(["statuses"]),
        },
      },
      // The graph returns these lists as a whole.
      User: {
        fields: {
          allMemberships: pagesOf(),
          memberships: { merge: false },
          receivedInvitations: { merge: false },
          restorableOrganizations: { merge: false },
        },
      },
      Member: { fields: { workspaceAccess: { merge: false }, roleOptions: { merge: false } } },
      Workspace: { fields: { access: pagesOf() } },
      WorkspaceAccess: { keyFields: false },
      Usage: { keyFields: false, merge: true },
      CreditUsage: { keyFields: false, merge: true },
      ByokVerification: { keyFields: false },
      Refusal: { keyFields: false },
      LimitUsage: { keyFields: false, merge: true },
      Plan: { keyFields: ({ code }) => (typeof code === "string" ? ["code"] : false) },
    },
  });
}

/** Opens a page from the fields that a list has read. Null stays null: the service found nothing. */
function byId(typename: string): FieldPolicy<Reference | null> {
  return {
    read: (existing, { args, toReference }) =>
      existing === undefined && args ? toReference({ __typename: typename, id: String(args.id) }) : existing,
  };
}

interface List {
  edges: Array<{ node: Reference | StoreObject }>;
  totalCount?: number;
  pageInfo?: { endCursor?: string | null };
}

/**
 * Merges the pages of a list. A page whose list was read again meanwhile is dropped, because it does not continue the
 * new one.
 */
function pagesOf(keyArgs?: string[]): FieldPolicy<List> {
  const pages = relayStylePagination(keyArgs) as unknown as FieldPolicy<List>;
  return {
    ...pages,
    merge: (existing, incoming, options) => {
      const after: unknown = options.args?.after;
      if (after && existing && existing.pageInfo?.endCursor !== after) return existing;
      return typeof pages.merge === "function" ? pages.merge(existing, incoming, options) : incoming;
    },
  };
}

/** Shows the invitations that have one of the list's statuses now, so that answered ones leave the pending list. */
function invitationList(): FieldPolicy {
  const pages = pagesOf(["search", "statuses"]);
  return {
    ...pages,
    read: (existing, options) => {
      const list = pages.read?.(existing, options) as List | null | undefined;
      const { args, readField } = options;
      const statuses = (args?.statuses === undefined ? ["PENDING"] : args.statuses) as InvitationStatus[] | null;
      if (!list || !statuses) return list;
      const edges = list.edges.filter(({ node }) => {
        const status = readField<InvitationStatus>("status", node);
        return status === undefined || statuses.includes(status);
      });
      const left = list.edges.length - edges.length;
      return { ...list, edges, ...(list.totalCount !== undefined && { totalCount: list.totalCount - left }) };
    },
  };
}
