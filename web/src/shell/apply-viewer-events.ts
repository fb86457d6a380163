import type { ApolloCache, Reference } from "@apollo/client";
import {
  OrganizationPlaceFragmentDoc,
  type ReceivedInvitationFragment,
  type ViewerMembershipLiveSubscription,
} from "../graph/generated/graphql";
import { accessLosses } from "./access-losses";

type MembershipEvent = ViewerMembershipLiveSubscription["viewerMembershipChanged"];

/** Applies a change of the viewer's memberships to the selector and the lists. Safe to repeat. */
export function applyMembershipEvent(cache: ApolloCache, viewerId: string, event: MembershipEvent): void {
  const { change, organizationId, organization } = event;
  if (change === "REMOVED" || change === "LEFT" || change === "ORGANIZATION_DELETED") {
    recordLoss(cache, event, change);
    dropOrganization(cache, viewerId, organizationId);
  } else if (organization?.viewerMember) {
    accessLosses.forget(organizationId);
    addMembership(cache, viewerId, organization.viewerMember.id);
  }
  if (change === "ORGANIZATION_DELETED" || change === "ORGANIZATION_RESTORED") {
    cache.evict({ id: userOf(cache, viewerId), fieldName: "restorableOrganizations" });
  }
}

/** Adds a membership whose organization is in the cache to those of the viewer. */
export function addMembership(cache: ApolloCache, viewerId: string, memberId: string): void {
  const member = cache.identify({ __typename: "Member", id: memberId }) ?? "";
  modifyViewer(cache, viewerId, "memberships", (references) =>
    references.some(({ __ref }) => __ref === member) ? references : [...references, { __ref: member }],
  );
}

/**
 * Keeps pending invitations in the list, and removes answered ones. Returns whether the invitation is new in the list.
 */
export function applyReceivedInvitation(
  cache: ApolloCache,
  viewerId: string,
  invitation: Pick<ReceivedInvitationFragment, "id" | "status">,
): boolean {
  const id = cache.identify({ __typename: "Invitation", id: invitation.id }) ?? "";
  let isNew = false;
  modifyViewer(cache, viewerId, "receivedInvitations", (references) => {
    const others = references.filter(({ __ref }) => __ref !== id);
    if (invitation.status !== "PENDING") return others;
    isNew = others.length === references.length;
    return isNew ? [{ __ref: id }, ...references] : references;
  });
  return isNew;
}

function recordLoss(
  cache: ApolloCache,
  { organizationId, occurredAt }: MembershipEvent,
  change: "REMOVED" | "LEFT" | "ORGANIZATION_DELETED",
): void {
  const known = cache.readFragment({
    id: cache.identify({ __typename: "Organization", id: organizationId }),
    fragment: OrganizationPlaceFragmentDoc,
    fragmentName: "OrganizationPlace",
  });
  accessLosses.record(organizationId, { name: known?.name ?? "", at: occurredAt, change });
}

function dropOrganization(cache: ApolloCache, viewerId: string, organizationId: string): void {
  const organization = cache.identify({ __typename: "Organization", id: organizationId });
  modifyViewer(cache, viewerId, "memberships", (references, readField) =>
    references.filter((member) => readField<Reference>("organization", member)?.__ref !== organization),
  );
  // Runs after the organization's pages are unmounted, because they would read it again.
  setTimeout(() => {
    cache.evict({ id: organization });
    cache.gc();
  });
}

type ReadField = <Value>(name: string, from: Reference) => Value | undefined;

function modifyViewer(
  cache: ApolloCache,
  viewerId: string,
  field: string,
  change: (references: readonly Reference[], readField: ReadField) => readonly Reference[],
): void {
  cache.modify<Record<string, Reference[] | null>>({
    id: userOf(cache, viewerId),
    fields: {
      [field]: (references: readonly Reference[] | Reference | null, { readField }) =>
        Array.isArray(references) ? [...change(references, readField as ReadField)] : (references as null),
    },
  });
}

function userOf(cache: ApolloCache, viewerId: string): string | undefined {
  return cache.identify({ __typename: "User", id: viewerId });
}
