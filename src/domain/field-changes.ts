import type { EventType } from "./events";

/** One field that an event changed. Null: it had no value, or the event does not hold it. */
export interface FieldChange {
  field: string;
  before: string | null;
  after: string | null;
}

type Data = Readonly<Record<string, unknown>>;

/**
 * Returns the fields that an event changed, sorted by name, from the values before and after that its data holds. A
 * workspace that somebody gained or lost is a field of its own: `workspaces.<id>`.
 */
export function fieldChanges(type: EventType, data: Data): FieldChange[] {
  const { before, after } = sidesOf(type, data);
  const [was, is] = [flatten(before), flatten(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => was.get(field) !== is.get(field) && !HIDDEN.test(field))
    .sort()
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }));
}

/** The same changes for readers who must not see addresses, e.g. other services. */
export function withoutAddresses(changes: readonly FieldChange[]): FieldChange[] {
  return changes
    .filter(({ field }) => field !== "email")
    .map(({ field, before, after }) => ({ field, before: before && masked(before), after: after && masked(after) }));
}

/**
 * Never shown: ids at the payment provider, because Admins read the log but not the billing; and, should a command ever
 * record one, secrets and tokens.
 */
const HIDDEN = /provider|secret|token(hash)?$|sealed|sealing|wrapped|password/i;

/** Adds the fields that follow from the type of an event, and gives events of older releases today's field names. */
function sidesOf(type: EventType, { before, after, email }: Data): { before: unknown; after: unknown } {
  switch (type) {
    case "ownership.transferred":
      return {
        before: { ...asRecord(before), formerOwnerRole: "OWNER" },
        after: { role: "OWNER", formerOwnerRole: "ADMIN" },
      };
    case "invitation.created":
      return { before, after: { ...asRecord(after), email } };
    case "subscription.downgrade_scheduled":
      return { before, after: namedAsToday(asRecord(before), asRecord(after)) };
    default:
      return { before, after };
  }
}

/** Older events hold the unchanged plan on one side only, and call the scheduled interval `interval`. */
function namedAsToday({ planCode }: Data, { interval, ...after }: Data): Data {
  return { planCode, ...after, ...(interval !== undefined && { scheduledInterval: interval }) };
}

function flatten(side: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  // Changes of workspace access hold the list itself.
  addValue(fields, "", Array.isArray(side) ? { workspaces: side } : side);
  return fields;
}

function addValue(fields: Map<string, string>, path: string, value: unknown): void {
  if (value === null || value === undefined) return;
  if (value instanceof Date) fields.set(path, value.toISOString());
  else if (Array.isArray(value)) addList(fields, path, value);
  else if (typeof value === "object") {
    for (const [key, part] of Object.entries(value)) addValue(fields, path === "" ? key : `${path}.${key}`, part);
  } else if (path !== "") fields.set(path, String(value));
}

/** The value of an assigned workspace without an override. */
const ASSIGNED = "ASSIGNED";

function addList(fields: Map<string, string>, path: string, items: readonly unknown[]): void {
  for (const item of items) {
    const { workspaceId, roleOverride, ...rest } = asRecord(item);
    if (workspaceId === undefined) continue;
    fields.set(`${path}.${workspaceId}`, String(roleOverride ?? ASSIGNED));
    addValue(fields, `${path}.${workspaceId}`, rest);
  }
  const texts = items.filter((item) => typeof item === "string");
  if (texts.length > 0) fields.set(path, texts.join(", "));
}

function asRecord(value: unknown): Data {
  return typeof value === "object" && value !== null ? (value as Data) : {};
}

/** The name of an organization is free text and may contain an address. */
function masked(text: string): string {
  return text
    .split(/(\s)/)
    .map((word) => (/.@./.test(word) ? "[address]" : word))
    .join("");
}
