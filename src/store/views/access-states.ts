import type { OrganizationRole, WorkspaceRole } from "../../domain/role";
import { isActiveGrant } from "../active-grant";
import { located } from "../engine/directories";
import type { Reader, Statement } from "../engine/statement";

/** A person, and the id of an organization or workspace. */
export interface AccessKey {
  userId: string;
  placeId: string;
}

/** The index of the key to which a state belongs. */
interface Indexed {
  index: number;
}

/**
 * The state on which a person's permissions in an organization depend. `sequence`: the head of its log in the same
 * snapshot.
 */
export interface OrganizationAccessState extends Indexed {
  organizationId: string;
  organizationName: string;
  role: OrganizationRole;
  planCode: string;
  sequence: number;
}

const IN_ORGANIZATIONS: Statement = {
  name: "access-in-organizations",
  isShortRead: true,
  text: `
    SELECT asked.number::int - 1 AS index, o.id AS "organizationId", o.name AS "organizationName", m.role,
      s.plan_code AS "planCode", o.event_sequence AS sequence
    FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS asked (user_id, organization_id, number)
    JOIN member m ON m.organization_id = asked.organization_id AND m.organization_id = ANY ($2) AND m.user_id = asked.user_id
    JOIN organization o ON o.id = m.organization_id AND o.id = ANY ($2) AND o.deleted_at IS NULL
    JOIN organization_subscription s ON s.organization_id = m.organization_id AND s.organization_id = ANY ($2)`,
};

/** Reads the state for those of these people who are members of the organization. */
export function organizationAccessStates(reader: Reader, keys: readonly AccessKey[]) {
  return reader.rows<OrganizationAccessState>(IN_ORGANIZATIONS, columnsOf(keys));
}

/**
 * The state on which a person's permissions in a workspace depend. `sequence`: the head of its organization's log in
 * the same snapshot.
 */
export interface WorkspaceAccessState extends Indexed {
  workspaceName: string;
  organizationId: string;
  organizationName: string;
  role: OrganizationRole;
  isAssigned: boolean;
  roleOverride: WorkspaceRole | null;
  sequence: number;
  expiresAt: Date | null;
}

const IN_WORKSPACES = located(
  { name: "access-in-workspaces", isShortRead: true },
  { directory: "workspace", parameter: 2 },
  (within) => `
    SELECT asked.number::int - 1 AS index, w.name AS "workspaceName", o.id AS "organizationId",
      o.name AS "organizationName", m.role, a.member_id IS NOT NULL AS "isAssigned", a.role_override AS "roleOverride",
      a.expires_at AS "expiresAt", o.event_sequence AS sequence
    FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS asked (user_id, workspace_id, number)
    JOIN workspace w ON w.id = asked.workspace_id AND w.deleted_at IS NULL ${within("w.organization_id")}
    JOIN organization o ON o.id = w.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    JOIN member m ON m.organization_id = w.organization_id AND m.user_id = asked.user_id ${within("m.organization_id")}
    LEFT JOIN workspace_assignment a ON a.organization_id = w.organization_id AND a.workspace_id = w.id
      AND a.member_id = m.id AND ${isActiveGrant("a", "$3")} ${within("a.organization_id")}`,
);

/** Reads the state for those of these people who are members of the workspace's organization. */
export function workspaceAccessStates(reader: Reader, keys: readonly AccessKey[], now: Date) {
  return reader.rows<WorkspaceAccessState>(IN_WORKSPACES, [...columnsOf(keys), now]);
}

function columnsOf(keys: readonly AccessKey[]): [string[], string[]] {
  return [keys.map(({ userId }) => userId), keys.map(({ placeId }) => placeId)];
}
