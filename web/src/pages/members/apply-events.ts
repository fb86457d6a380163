import type { ApolloCache, Reference } from "@apollo/client";
import type { InvitationsLiveSubscription, MembersLiveSubscription } from "../../graph/generated/graphql";

type MembershipEvent = MembersLiveSubscription["membershipChanged"];
type InvitationEvent = InvitationsLiveSubscription["invitationChanged"];

interface List {
  edges: Array<{ node: Reference; cursor: string }>;
  totalCount?: number;
}

/** Applies a change of a membership. Changed members update by themselves: the cache has them by id. */
export function applyMembershipEvent(cache: ApolloCache, organizationId: string, event: MembershipEvent): void {
  const { change, member, memberId } = event;
  if (change === "JOINED" && member) insert(cache, organizationId, "members", { __typename: "Member", id: memberId });
  if (change === "REMOVED" || change === "LEFT") {
    remove(cache, organizationId, "members", { __typename: "Member", id: memberId });
  }
}

/** Applies a change of an invitation: pending ones are in the list, others are not. */
export function applyInvitationEvent(
  cache: ApolloCache,
  organizationId: string,
  { invitation }: InvitationEvent,
): void {
  const entity = { __typename: "Invitation", id: invitation.id };
  const apply = invitation.status === "PENDING" ? insert : remove;
  apply(cache, organizationId, "invitations", entity);
}

// A type and not an interface, because the cache takes objects with an index signature.
type Entity = { __typename: string; id: string };

/** Adds an entity to the lists that hold it unfiltered. Twice is as good as once. */
function insert(cache: ApolloCache, organizationId: string, field: string, entity: Entity): void {
  modify(
    cache,
    organizationId,
    field,
    (list, node) => {
      if (list.edges.some((edge) => edge.node.__ref === node.__ref)) return list;
      const edges = [...list.edges, { node, cursor: "" }];
      return { ...list, edges, totalCount: (list.totalCount ?? 0) + 1 };
    },
    entity,
  );
}

function remove(cache: ApolloCache, organizationId: string, field: string, entity: Entity): void {
  modify(
    cache,
    organizationId,
    field,
    (list, node) => {
      const edges = list.edges.filter((edge) => edge.node.__ref !== node.__ref);
      const totalCount = (list.totalCount ?? 0) - (list.edges.length - edges.length);
      return { ...list, edges, totalCount };
    },
    entity,
  );
}

function modify(
  cache: ApolloCache,
  organizationId: string,
  field: string,
  change: (list: List, node: Reference) => List,
  entity: Entity,
): void {
  const id = cache.identify({ __typename: "Organization", id: organizationId });
  if (!id) return;
  cache.modify<Record<string, List>>({
    id,
    fields: {
      [field]: (list: List | Reference, { toReference, storeFieldName }) => {
        const node = toReference(entity);
        // A list that is searched or filtered is left as it is; the next search reads it again.
        const isFiltered = /"(search|roles)":[^n]/.test(storeFieldName);
        return node && "edges" in list && !isFiltered ? change(list, node) : list;
      },
    },
  });
}
