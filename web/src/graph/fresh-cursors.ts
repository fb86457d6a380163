import type { ApolloClient } from "@apollo/client";
import { EventCursorDocument, MembershipCursorDocument } from "./generated/graphql";

/**
 * Gives streams a cursor of now in place of one that the service refuses, as it does after its database was restored from
 * a backup. `onRestored` is called after the last of them, so that what is read then has no gap to what they deliver.
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

/** Null without access to the organization. */
async function eventCursor(client: ApolloClient, organizationId: string): Promise<string | null> {
  const variables = { organizationId };
  const { data } = await client.query({ query: EventCursorDocument, variables, fetchPolicy: "no-cache" });
  return data?.organization?.eventCursor ?? null;
}

async function own(client: ApolloClient): Promise<string | null> {
  const { data } = await client.query({ query: MembershipCursorDocument, fetchPolicy: "no-cache" });
  return data?.viewer.membershipCursor ?? null;
}
