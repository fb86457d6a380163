import type { ApolloCache, Reference } from "@apollo/client";
import type { MembersInvitationsLiveSubscription, MembersLiveSubscription } from "../../graph/generated/graphql";

export type MembershipEvent = MembersLiveSubscription["membershipChanged"];
export type InvitationEvent = MembersInvitationsLiveSubscription["invitationChanged"];

interface List {
  edges: Array<{ node: Reference; cursor: string }>;
  totalCount?: number;
  pageInfo?: { hasNextPage?: boolean };
}

/** The arguments that tell the cached lists of one field apart. */
interface ListArguments {
  search?: string | null;
  roles?: readonly string[] | null;
  orderBy?: string;
  statuses?: readonly string[] | null;
}

// A type and not an interface, because the cache takes objects with an index signature.
type Entity = { __typename: string; id: string };
type Change = (list: List, node: Reference, args: ListArguments) => List;

/**
 * Applies a change of a membership to the cached lists. Changed members need nothing, because the cache has them by id.
 * Returns whether a list may now lack the member and must be read again.
 */
export function applyMembershipEvent(cache: ApolloCache, organizationId: string, event: MembershipEvent): boolean {
  const { change, member, memberId } = event;
  const entity = { __typename: "Member", id: memberId };
  if (change === "REMOVED" || change === "LEFT") {
    modify(cache, organizationId, "members", entity, without);
    return false;
  }
  if (change === "WORKSPACE_ACCESS_CHANGED") return false;
  if (member && (change === "JOINED" || change === "REINSTATED")) {
    modify(cache, organizationId, "members", entity, (list, node, args) =>
      isPlain(args) && isComplete(list) ? appended(list, node) : list,
    );
  }
  return true;
}

/** Applies a change of an invitation to the lists, each of which has certain states. */
export function applyInvitationEvent(
  cache: ApolloCache,
  organizationId: string,
  { invitation }: InvitationEvent,
): void {
  const entity = { __typename: "Invitation", id: invitation.id };
  modify(cache, organizationId, "invitations", entity, (list, node, args) => {
    if (!args.statuses?.includes(invitation.status)) return without(list, node);
    return args.search ? list : prepended(list, node);
  });
}

/** A list of all members in the order in which they joined, so that a new one belongs at its end. */
function isPlain({ search, roles, orderBy }: ListArguments): boolean {
  return !search && !roles && (orderBy ?? "JOINED") === "JOINED";
}

function isComplete({ edges, pageInfo }: List): boolean {
  return edges.length > 0 && pageInfo?.hasNextPage === false;
}

function appended(list: List, node: Reference): List {
  if (includes(list, node)) return list;
  return { ...list, edges: [...list.edges, { node, cursor: "" }], totalCount: (list.totalCount ?? 0) + 1 };
}

function prepended(list: List, node: Reference): List {
  if (includes(list, node)) return list;
  return { ...list, edges: [{ node, cursor: "" }, ...list.edges], totalCount: (list.totalCount ?? 0) + 1 };
}

function without(list: List, node: Reference): List {
  if (!includes(list, node)) return list;
  const edges = list.edges.filter((edge) => edge.node.__ref !== node.__ref);
  return { ...list, edges, totalCount: (list.totalCount ?? 1) - 1 };
}

function includes({ edges }: List, node: Reference): boolean {
  return edges.some((edge) => edge.node.__ref === node.__ref);
}

function modify(cache: ApolloCache, organizationId: string, field: string, entity: Entity, change: Change): void {
  const id = cache.identify({ __typename: "Organization", id: organizationId });
  if (!id) return;
  cache.modify<Record<string, List>>({
    id,
    fields: {
      [field]: (list: List | Reference, { toReference, storeFieldName }) => {
        const node = toReference(entity);
        return node && "edges" in list ? change(list, node, argumentsIn(storeFieldName)) : list;
      },
    },
  });
}

/** The cache names a list by its field and the arguments that tell it apart, such as `members:{"search":"ada"}`. */
function argumentsIn(storeFieldName: string): ListArguments {
  const start = storeFieldName.indexOf("{");
  return start < 0 ? {} : (JSON.parse(storeFieldName.slice(start)) as ListArguments);
}
