import type { AuditLogQueryVariables } from "../../graph/generated/graphql";
import type { AuditSearch } from "./search";

export type AuditFilter = Omit<AuditLogQueryVariables, "first" | "after">;

/**
 * The filters of the address as arguments of the graph. Days are in the viewer's time zone; the last day is included.
 */
export function filterOf(organizationId: string, search: AuditSearch): AuditFilter {
  const { types, actor, workspace, since, until } = search;
  return {
    organizationId,
    types: types ?? null,
    actorId: actor ?? null,
    workspaceId: workspace ?? null,
    since: since ? startOf(since, 0) : null,
    until: until ? startOf(until, 1) : null,
  };
}

function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
