import { auditPage } from "../../texts/en/audit";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** The lists of an event that name workspaces by their ids. */
const WORKSPACES = { workspaces: "access", overridesBack: "roleAgain", newGrants: "newAccess" } as const;

/** Fields whose values people typed, or that are names elsewhere. They are shown as they are. */
const VERBATIM =
  /^(name|workspaceName|description|email|accessKeyIdHint|region|inferenceProfile|cloudProvider|(csv|json)Sha256)$/;

/**
 * The label of a changed field. The graph names it by its path in the event, such as `workspaces.<id>.expiresAt`.
 * `nameOf` returns the name of a workspace if it is known.
 */
export function labelOfField(field: string, nameOf: (workspaceId: string) => string | undefined): string {
  const path = field.split(".");
  const named = path.filter((part) => !ID.test(part));
  const last = named.at(-1) ?? "";
  const list = named.find((part): part is keyof typeof WORKSPACES => part in WORKSPACES);
  const id = list && path[path.indexOf(list) + 1];
  if (list && id) {
    const workspace = nameOf(id) ?? auditPage.unknownWorkspace(id);
    if (last === list) return auditPage.fieldsOf[WORKSPACES[list]](workspace);
    if (last === "expiresAt") return auditPage.fieldsOf.end(workspace);
  }
  const labels: Record<string, string> = auditPage.fields;
  return labels[last] ?? inWords(last);
}

/** A value before or after the change, in words. */
export function wordsOf(field: string, value: string): string {
  const last = field.split(".").at(-1) ?? "";
  if (VERBATIM.test(last)) return value;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return TIME.format(new Date(value));
  const words: Record<string, string> = auditPage.values;
  return words[value] ?? (/^[A-Z_]+$/.test(value) ? inWords(value.toLowerCase()) : value);
}

/** Whether a field holds a limit of the organization. */
export function isLimit(field: string): boolean {
  return field === "memberLimit" || field === "workspaceLimit";
}

/** Sentences of the log name times as the graph does. */
export function withReadableTimes(sentence: string): string {
  return sentence.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => TIME.format(new Date(time)));
}

/** `dueAt` and `past_due` become words. Fields that the console does not know yet are shown so. */
function inWords(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
