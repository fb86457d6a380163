import { useSubscription } from "@apollo/client/react";
import { useState } from "react";
import { OrganizationMembersLiveDocument } from "../graph/generated/graphql";

interface Snapshot {
  id: string;
  eventCursor: string;
}

/** Calls the listener for every change of a membership in the organization after the snapshot. */
export function useMemberChanges({ id: organizationId, eventCursor }: Snapshot, listener: () => void): void {
  const [after] = useState(eventCursor);
  useSubscription(OrganizationMembersLiveDocument, {
    variables: { organizationId, after },
    ignoreResults: true,
    onData: listener,
  });
}
