import type { MemberOrder, OrganizationRole } from "../../graph/generated/graphql";

const TABS = ["active", "invitations", "answered", "removed"] as const;
export const ROLES: readonly OrganizationRole[] = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];
export const ORDERS: readonly MemberOrder[] = ["JOINED", "NAME", "ROLE", "LAST_SEEN"];

export type MembersTab = (typeof TABS)[number];

/** The parameters in the address of the members page: the tab, the filters, the order, and the open dialog. */
export interface MembersSearch {
  tab?: MembersTab;
  q?: string;
  role?: OrganizationRole;
  order?: MemberOrder;
  /** The invite dialog is open. */
  invite?: true;
  /** The member whose workspace access is open. */
  access?: string;
}

/** Reads the state of the page from an address. Ignores unknown parameters. */
export function membersSearch(search: Record<string, unknown>): MembersSearch {
  const tab = TABS.find((each) => each === search.tab);
  const role = ROLES.find((each) => each === search.role);
  const order = ORDERS.find((each) => each === search.order);
  return {
    ...(tab && { tab }),
    ...(isText(search.q) && { q: search.q }),
    ...(role && { role }),
    ...(order && { order }),
    ...(search.invite === true && { invite: true as const }),
    ...(isText(search.access) && { access: search.access }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
