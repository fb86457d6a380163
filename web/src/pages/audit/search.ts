const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The parameters in the address of the audit log: its filters. Days have the form 2026-03-01. */
export interface AuditSearch {
  types?: string[];
  /** The id of a person. */
  actor?: string;
  /** The id of a workspace. */
  workspace?: string;
  since?: string;
  until?: string;
}

/** Reads the filters from an address. Ignores unknown parameters. */
export function auditSearch({ types, actor, workspace, since, until }: Record<string, unknown>): AuditSearch {
  const names = Array.isArray(types) ? types.filter((type) => typeof type === "string" && type !== "") : [];
  return {
    ...(names.length > 0 && { types: names }),
    ...(typeof actor === "string" && actor !== "" && { actor }),
    ...(typeof workspace === "string" && UUID.test(workspace) && { workspace }),
    ...(typeof since === "string" && DAY.test(since) && { since }),
    ...(typeof until === "string" && DAY.test(until) && { until }),
  };
}
