import { useNavigate, useSearch } from "@tanstack/react-router";
import type { MembersSearch } from "./search";

type Change = { [Key in keyof MembersSearch]: MembersSearch[Key] | undefined };

/** The state of the page in its address. `change` keeps the parameters that it does not name. */
export function useMembersSearch() {
  const search = useSearch({ from: "/signed-in/organizations/$organizationId/members" });
  const navigate = useNavigate({ from: "/organizations/$organizationId/members" });
  const change = (changed: Change, { replace = false } = {}) =>
    void navigate({ search: (before: MembersSearch) => ({ ...before, ...changed }), replace });
  return { search, change };
}
