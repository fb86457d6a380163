import { useApolloClient, useSubscription } from "@apollo/client/react";
import { useState } from "react";
import { MembersInvitationsLiveDocument, MembersLiveDocument } from "../../graph/generated/graphql";
import { announce } from "../../parts/announcer";
import { useCoalesced } from "../../parts/use-debounced";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { applyInvitationEvent, applyMembershipEvent, type InvitationEvent, type MembershipEvent } from "./apply-events";

const t = membersPage;
const COALESCE_MS = 50;

interface Options {
  organizationId: string;
  /** The position of the snapshot in the organization's events. */
  eventCursor: string;
  /** Whether the viewer may see invitations. */
  manages: boolean;
  /** Reads the counts, the seats and the Owners' options again. */
  onCountsChanged(): void;
  /** Reads the list of members again, because it may lack somebody. */
  onListChanged(): void;
}

/** Follows the members and invitations of an organization from the moment of the page's snapshot. */
export function useMembersLive({ organizationId, eventCursor, manages, ...listeners }: Options): void {
  const client = useApolloClient();
  const [after] = useState(eventCursor);
  const variables = { organizationId, after };
  const { onCountsChanged } = listeners;
  const listChanged = useCoalesced(listeners.onListChanged, COALESCE_MS);
  useSubscription(MembersLiveDocument, {
    variables,
    onData: ({ data: { data } }) => {
      if (!data) return;
      if (applyMembershipEvent(client.cache, organizationId, data.membershipChanged)) listChanged();
      onCountsChanged();
      announceMembership(data.membershipChanged);
    },
  });
  useSubscription(MembersInvitationsLiveDocument, {
    variables,
    skip: !manages,
    onData: ({ data: { data } }) => {
      if (!data) return;
      applyInvitationEvent(client.cache, organizationId, data.invitationChanged);
      onCountsChanged();
      announceInvitation(data.invitationChanged);
    },
  });
}

function announceMembership({ change, member }: MembershipEvent): void {
  if (!member) return;
  if (change === "JOINED") announce(t.saidJoined(member.user.name));
  if (change === "ROLE_CHANGED") announce(t.saidRole(member.user.name, texts.roles[member.role]));
}

function announceInvitation({ change, invitation }: InvitationEvent): void {
  if (change === "DELIVERY_FAILED") announce(t.saidFailed(invitation.email));
  if (change === "DECLINED") announce(t.saidDeclined(invitation.email));
}
