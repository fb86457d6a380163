import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import { useState } from "react";
import {
  ReceivedInvitationLiveDocument,
  ReceivedInvitationsDocument,
  ViewerMembershipLiveDocument,
  type ViewerQuery,
} from "../graph/generated/graphql";
import { announce } from "../parts/announcer";
import { UNSHARED, useRefresh } from "../parts/use-refresh";
import { texts } from "../texts/en";
import { applyMembershipEvent, applyReceivedInvitation } from "./apply-viewer-events";

/** Keeps the viewer's memberships and received invitations current on every page. */
export function useViewerLive({ id, membershipCursor }: ViewerQuery["viewer"]): void {
  const { cache } = useApolloClient();
  const [after] = useState(membershipCursor);
  const { refetch } = useQuery(ReceivedInvitationsDocument, { context: UNSHARED });
  useRefresh({ refetch, mayMiss: true });
  useSubscription(ViewerMembershipLiveDocument, {
    variables: { after },
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      if (data) applyMembershipEvent(cache, id, data.viewerMembershipChanged);
    },
  });
  useSubscription(ReceivedInvitationLiveDocument, {
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      if (!data) return;
      const invitation = data.receivedInvitationChanged;
      const isNew = applyReceivedInvitation(cache, id, invitation);
      if (isNew) announce(texts.receivedPage.arrived(invitation.organization.name));
    },
  });
}
