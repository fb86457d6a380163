import type { OrganizationRole } from "../../graph/generated/graphql";

const TABS = ["active", "invitations", "answered"] as const;
const ROLES: readonly OrganizationRole[] = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];

/** What the address of the members page says: the tab, the search, and the role to filter by. */
export interface MembersSearch {
  tab?: (typeof TABS)[number];
  q?: string;
  role?: OrganizationRole;
}

/** Reads the state of the page from an address. Drops what it does not know. */
export function membersSearch(search: Record<string, unknown>): MembersSearch {
  const tab = TABS.find((each) => each === search.tab);
  const role = ROLES.find((each) => each === search.role);
  return {
    ...(tab && { tab }),
    ...(typeof search.q === "string" && search.q !== "" && { q: search.q }),
    ...(role && { role }),
  };
}
