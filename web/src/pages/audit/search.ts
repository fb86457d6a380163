/** What the address of the audit log says: its filters. */
export interface AuditSearch {
  types?: string[];
  actor?: string;
  workspace?: string;
  since?: string;
  until?: string;
}

/** Reads the filters from an address. Drops what it does not know. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const text = (name: string) => (typeof search[name] === "string" ? { [name]: search[name] } : {});
  const types = Array.isArray(search.types) ? search.types.filter((type) => typeof type === "string") : [];
  return {
    ...(types.length > 0 && { types }),
    ...text("actor"),
    ...text("workspace"),
    ...text("since"),
    ...text("until"),
  };
}
