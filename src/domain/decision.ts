import { mayInOrganization, mayInWorkspace, type OrganizationPermission, type WorkspacePermission } from "./permission";
import type { Plan } from "./plan";
import { type OrganizationRole, ROLE_NAMES, type WorkspaceRole } from "./role";
import { effectiveAccess } from "./workspace-access";

/** May somebody, and the chain that decided, in sentences. */
export interface Decision {
  allowed: boolean;
  reasons: string[];
}

/** Whether somebody may in an organization. Undefined: a stranger, or no such organization; the two read alike. */
export function decideInOrganization(
  permission: OrganizationPermission,
  state: { organizationName: string; role: OrganizationRole; plan: Plan } | undefined,
): Decision {
  if (!state) return stranger("organization");
  const { organizationName, role, plan } = state;
  const allowed = mayInOrganization(role, permission);
  const reasons = [`You are ${ROLE_NAMES[role]} of ${organizationName}.`, grants(role, allowed, permission)];
  if (permission === "CONFIGURE_BYOK" && allowed && !plan.byok) {
    reasons.push(`The ${plan.name} plan comes without BYOK: a key can be brought after an upgrade.`);
  }
  return { allowed, reasons };
}

/** Whether somebody may in a workspace. Undefined: no member, or no such workspace. */
export function decideInWorkspace(
  permission: WorkspacePermission,
  state:
    | {
        organizationName: string;
        workspaceName: string;
        role: OrganizationRole;
        isAssigned: boolean;
        roleOverride: WorkspaceRole | null;
      }
    | undefined,
): Decision {
  if (!state) return stranger("workspace");
  const { organizationName, workspaceName, role, isAssigned } = state;
  const access = effectiveAccess(role, isAssigned ? state : null);
  // Somebody without access learns no more than a stranger, not even that the workspace exists.
  if (!access) return stranger("workspace");
  const allowed = mayInWorkspace(access.role, permission);
  const way = {
    ORGANIZATION_ROLE: `As such you are Admin of every workspace, ${workspaceName} among them.`,
    ASSIGNED: `The workspace ${workspaceName} is assigned to you, with your organization role.`,
    OVERRIDE: `In the workspace ${workspaceName} an override makes you ${ROLE_NAMES[access.role]}.`,
  }[access.source];
  const reasons = [
    `You are ${ROLE_NAMES[role]} of ${organizationName}.`,
    way,
    grants(access.role, allowed, permission),
  ];
  return { allowed, reasons };
}

function grants(role: OrganizationRole, allowed: boolean, permission: string): string {
  return `The role ${ROLE_NAMES[role]} ${allowed ? "includes" : "lacks"} ${permission}.`;
}

function stranger(what: string): Decision {
  return { allowed: false, reasons: [`There is no such ${what}, or you have no access to it.`] };
}
