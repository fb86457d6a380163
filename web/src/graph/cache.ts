import { InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

/**
 * Caches entities by id and merges the pages of a list, separately for each filter. A Refusal is not an entity: it stays
 * in its own response.
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
