import type { ApolloClient } from "@apollo/client";
import { EventCursorDocument, MembershipCursorDocument } from "./generated/graphql";

/**
 * Gives streams a current cursor if the service refuses the old one, as it does after its database was restored from a
 * backup. `onRestored` is called once all streams have theirs, so that a read from then on leaves no gap to the
 * streams.
 */
export function freshCursors(client: () => ApolloClient, onRestored: () => void) {
  let waiting = 0;
  return async ({ organizationId }: Record<string, unknown>): Promise<string | null> => {
    waiting += 1;
    try {
      return await (typeof organizationId === "string" ? eventCursor(client(), organizationId) : own(client()));
    } finally {
      waiting -= 1;
      if (waiting === 0) onRestored();
    }
  };
}

/** Returns null without access to the organization. */
async function eventCursor(client: ApolloClient, organizationId: string): Promise<string | null> {
  const variables = { organizationId };
  const { data } = await client.query({ query: EventCursorDocument, variables, fetchPolicy: "no-cache" });
  return data?.organization?.eventCursor ?? null;
}

async function own(client: ApolloClient): Promise<string | null> {
  const { data } = await client.query({ query: MembershipCursorDocument, fetchPolicy: "no-cache" });
  return data?.viewer.membershipCursor ?? null;
}
