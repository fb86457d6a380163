import type { EventType } from "./events";
import type { EventData } from "./live";
import { mayInOrganization, type OrganizationPermission } from "./permission";
import { type OrganizationRole, reachesEveryWorkspace } from "./role";

/** Who sees an event of an organization: every member, those who see its workspace, or the holders of a permission. */
export type Audience = "members" | "workspace" | OrganizationPermission;

/** By the noun in front of the event's type. Events of other nouns have streams of their own. */
const AUDIENCES: Readonly<Record<string, Audience>> = {
  organization: "members",
  workspace: "workspace",
  workspace_access: "workspace",
  subscription: "MANAGE_BILLING",
  credits: "MANAGE_BILLING",
  byok: "CONFIGURE_BYOK",
  access_review: "REVIEW_ACCESS",
};

/** The events that change the status of the organization's own key. Every member sees the status. */
const STATUS_EVENTS: ReadonlySet<EventType> = new Set([
  ...(["byok.configured", "byok.rotated", "byok.paused", "byok.resumed", "byok.removed"] as const),
  ...(["byok.failing", "byok.recovered", "byok.expired", "byok.excluded", "byok.included"] as const),
]);
const STATUS_SUMMARY = "The organization's own AWS key changed. `byokStatus` is its new status.";

/** The nouns of the events that `organizationChanged` delivers. */
export const ORGANIZATION_EVENT_NOUNS = Object.keys(AUDIENCES);

/** Who sees an event; null if `organizationChanged` does not deliver it. */
export function audienceOf(type: EventType): Audience | null {
  if (STATUS_EVENTS.has(type)) return "members";
  // Those who may invite members are those who see the limits.
  if (type === "organization.limits_changed") return "INVITE_AND_REMOVE_MEMBERS";
  return AUDIENCES[type.split(".", 1)[0] ?? ""] ?? null;
}

/** An event that may belong to a workspace. */
export interface WorkspaceEvent extends EventData {
  workspaceId: string | null;
}

interface Grants {
  before?: ReadonlyArray<{ workspaceId: string }>;
  after?: ReadonlyArray<{ workspaceId: string }>;
}

/** The workspaces that an event is about. One change of access can be about several. */
export function workspacesOf({ type, data, workspaceId }: WorkspaceEvent): string[] {
  if (workspaceId !== null) return [workspaceId];
  if (!type.startsWith("workspace_access.")) return [];
  const { before = [], after = [] } = data as Grants;
  return [...new Set([...before, ...after].map((grant) => grant.workspaceId))];
}

/**
 * The workspaces whose assignments decide whether somebody sees an event. Empty if only the role decides, or if the
 * event changes the person's own access: they get the event even if it takes the workspace away from them.
 */
export function decidingWorkspaces(event: WorkspaceEvent, role: OrganizationRole, userId: string): string[] {
  if (audienceOf(event.type) !== "workspace" || reachesEveryWorkspace(role)) return [];
  return changesAccessOf(event, userId) ? [] : workspacesOf(event);
}

/** Whether a member sees an event. `isAssigned` is called for `decidingWorkspaces` only. */
export function maySeeEvent(
  event: WorkspaceEvent,
  role: OrganizationRole,
  userId: string,
  isAssigned: (workspaceId: string) => boolean,
): boolean {
  const audience = audienceOf(event.type);
  if (audience === null || audience === "members") return audience !== null;
  if (audience !== "workspace") return mayInOrganization(role, audience);
  if (reachesEveryWorkspace(role) || changesAccessOf(event, userId)) return true;
  return workspacesOf(event).some(isAssigned);
}

/** An event's sentence for a member. Those who cannot read the audit log get none of the key's details. */
export function summaryFor(role: OrganizationRole, type: EventType, summary: string): string {
  return STATUS_EVENTS.has(type) && !mayInOrganization(role, "VIEW_AUDIT_LOG") ? STATUS_SUMMARY : summary;
}

/** Whether an event gives, changes or takes the person's assignment to a workspace. */
function changesAccessOf({ type, data }: WorkspaceEvent, userId: string): boolean {
  if (type.startsWith("workspace_access.")) return data.userId === userId;
  return type === "workspace.deleted" && ((data.userIds ?? []) as string[]).includes(userId);
}
