import { mayInOrganization, mayInWorkspace, type OrganizationPermission, type WorkspacePermission } from "./permission";
import type { Plan } from "./plan";
import { type OrganizationRole, ROLE_NAMES, type WorkspaceRole } from "./role";
import { effectiveAccess } from "./workspace-access";

/** Whether an action is allowed, with the reasons as sentences for people. */
export interface Decision {
  allowed: boolean;
  reasons: string[];
  /** Null for strangers. */
  organizationId: string | null;
  /**
   * The sequence of the organization's latest event when the state was read: an event with a higher one may change the
   * decision. Null for strangers.
   */
  sequence: number | null;
  /** When the access behind the decision ends by itself; null if it does not. */
  validUntil: Date | null;
}

/** The organization's id and the head of its log, from the same snapshot as the rest of a state. */
interface LogState {
  organizationId: string;
  sequence: number;
}

/** Decides an organization permission. `state` is undefined for strangers and missing organizations alike. */
export function decideInOrganization(
  permission: OrganizationPermission,
  state: (LogState & { organizationName: string; role: OrganizationRole; plan: Plan }) | undefined,
): Decision {
  if (!state) return stranger("organization");
  const { organizationId, organizationName, role, plan, sequence } = state;
  const allowed = mayInOrganization(role, permission);
  const reasons = [`You are ${ROLE_NAMES[role]} of ${organizationName}.`, grants(role, allowed, permission)];
  if (permission === "CONFIGURE_BYOK" && allowed && !plan.byok) {
    reasons.push(`The ${plan.name} plan does not include BYOK. Upgrade to Advanced or Enterprise to use your own key.`);
  }
  return { allowed, reasons, organizationId, sequence, validUntil: null };
}

/** Decides a workspace permission. `state` is undefined for non-members and missing workspaces alike. */
export function decideInWorkspace(
  permission: WorkspacePermission,
  state:
    | (LogState & {
        organizationName: string;
        workspaceName: string;
        role: OrganizationRole;
        isAssigned: boolean;
        roleOverride: WorkspaceRole | null;
        expiresAt: Date | null;
      })
    | undefined,
): Decision {
  if (!state) return stranger("workspace");
  const { organizationId, organizationName, workspaceName, role, isAssigned, sequence } = state;
  const access = effectiveAccess(role, isAssigned ? state : null);
  // Without access, a member must not learn that the workspace exists.
  if (!access) return stranger("workspace");
  const allowed = mayInWorkspace(access.role, permission);
  const way = {
    ORGANIZATION_ROLE: `This makes you Admin of every workspace, including ${workspaceName}.`,
    ASSIGNED: `The workspace ${workspaceName} is assigned to you with your organization role.`,
    OVERRIDE: `An override makes you ${ROLE_NAMES[access.role]} in the workspace ${workspaceName}.`,
  }[access.source];
  const reasons = [
    `You are ${ROLE_NAMES[role]} of ${organizationName}.`,
    way,
    grants(access.role, allowed, permission),
  ];
  return { allowed, reasons, organizationId, sequence, validUntil: access.expiresAt };
}

function grants(role: OrganizationRole, allowed: boolean, permission: string): string {
  return `The role ${ROLE_NAMES[role]} ${allowed ? "includes" : "lacks"} ${permission}.`;
}

function stranger(what: string): Decision {
  const reasons = [`There is no such ${what}, or you have no access to it.`];
  return { allowed: false, reasons, organizationId: null, sequence: null, validUntil: null };
}
