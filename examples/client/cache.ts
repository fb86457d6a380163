import { InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

/**
 * Entities are kept by id; the pages of a list grow into one, for each filter apart. A Refusal is nobody's: it stays
 * with the answer that it came in, and changes nothing that is shown.
 */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      Organization: {
        fields: {
          members: relayStylePagination(["search", "roles"]),
          workspaces: relayStylePagination(["search"]),
          invitations: relayStylePagination(["statuses"]),
          auditLog: relayStylePagination(["types", "actorId", "workspaceId", "since", "until"]),
        },
      },
      Workspace: { fields: { access: relayStylePagination() } },
      Refusal: { keyFields: false },
      LimitUsage: { keyFields: false, merge: true },
    },
  });
}
