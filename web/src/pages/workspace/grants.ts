import type { OrganizationRole, WorkspaceRole } from "../../graph/generated/graphql";
import type { Option } from "../../parts/select";
import { texts } from "../../texts/en";
import { workspacePage } from "../../texts/en/workspace";

/** The member has their organization role in the workspace, too. */
export const INHERIT = "INHERIT";

export type RoleChoice = WorkspaceRole | typeof INHERIT;

const page = workspacePage;
const ROLES: readonly WorkspaceRole[] = ["ADMIN", "DEVELOPER", "VIEWER"];

/** The roles that a Developer or Viewer can have in one workspace. */
export function roleChoices(role: OrganizationRole): ReadonlyArray<Option<RoleChoice>> {
  return [
    { id: INHERIT, name: page.inherit(texts.roles[role]) },
    ...ROLES.map((each) => ({ id: each, name: page.roles[each], description: page.overrideText[each] })),
  ];
}

/** The value of a field for date and time, in the viewer's time zone. */
export function toLocalInput(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant that such a field names; null if it is empty. */
export function fromLocalInput(value: string): string | null {
  return value === "" ? null : new Date(value).toISOString();
}
