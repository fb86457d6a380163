import type { Reader, Statement } from "./engine/statement";

// Each organization is counted by the indexes that begin with its id.
const COUNTED = `
  SELECT o.id AS organization_id, m.*, i.*, w.* FROM organization o
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE role = 'OWNER') AS owners, count(*) FILTER (WHERE role = 'ADMIN') AS admins,
      count(*) FILTER (WHERE role = 'DEVELOPER') AS developers, count(*) FILTER (WHERE role = 'VIEWER') AS viewers
    FROM member WHERE organization_id = o.id) m
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE status = 'PENDING') AS pending_invitations,
      count(*) FILTER (WHERE status = 'ACCEPTED') AS accepted_invitations,
      count(*) FILTER (WHERE status = 'DECLINED') AS declined_invitations,
      count(*) FILTER (WHERE status = 'CANCELED') AS canceled_invitations,
      count(*) FILTER (WHERE status = 'EXPIRED') AS expired_invitations
    FROM invitation WHERE organization_id = o.id) i
  CROSS JOIN LATERAL (
    SELECT count(*) AS workspaces FROM workspace WHERE organization_id = o.id AND deleted_at IS NULL) w
  WHERE o.id = ANY ($1::uuid[])`;

// Access is counted by the members' roles and not by their copies in the assignments. Outdated copies count as wrong,
// too.
const COUNTED_ACCESS = `
  SELECT w.organization_id, w.id AS workspace_id,
    (SELECT count(*) FROM workspace_assignment a
      JOIN member m ON m.organization_id = a.organization_id AND m.id = a.member_id
      WHERE a.organization_id = w.organization_id AND a.workspace_id = w.id AND m.role NOT IN ('OWNER', 'ADMIN')) AS members
  FROM workspace w WHERE w.organization_id = ANY ($1::uuid[])`;
const OUTDATED = `
  (a.is_dormant, a.member_joined_at) IS DISTINCT FROM (m.role IN ('OWNER', 'ADMIN'), m.joined_at)`;

/** Counters that differ from the rows that they count. `stored`: null if there are none. */
export interface WrongCounters {
  organizationId: string;
  stored: object | null;
  counted: object;
}

// One statement has one snapshot, and a change commits together with its counters. So a difference is an error, and no
// lock is needed.
const WRONG: Statement = {
  name: "wrong-counters",
  text: `
    SELECT r.organization_id AS "organizationId", to_jsonb(c) - 'organization_id' AS stored,
      to_jsonb(r) - 'organization_id' AS counted
    FROM (${COUNTED}) r LEFT JOIN organization_count c ON c.organization_id = r.organization_id
    WHERE to_jsonb(c) IS DISTINCT FROM to_jsonb(r)
    UNION ALL
    SELECT r.organization_id, to_jsonb(c) - 'organization_id', to_jsonb(r) - 'organization_id'
    FROM (${COUNTED_ACCESS}) r
    LEFT JOIN workspace_count c ON c.organization_id = r.organization_id AND c.workspace_id = r.workspace_id
    WHERE to_jsonb(c) IS DISTINCT FROM to_jsonb(r)
    UNION ALL
    SELECT a.organization_id, jsonb_build_object('outdated_assignments', count(*)), '{"outdated_assignments": 0}'
    FROM workspace_assignment a JOIN member m ON m.organization_id = a.organization_id AND m.id = a.member_id
    WHERE a.organization_id = ANY ($1::uuid[]) AND m.organization_id = ANY ($1::uuid[]) AND ${OUTDATED} GROUP BY a.organization_id`,
};

/** The wrong counters of these organizations and their workspaces. */
export function wrongCounters(reader: Reader, organizationIds: readonly string[]): Promise<WrongCounters[]> {
  return reader.rows<WrongCounters>(WRONG, [organizationIds]);
}

// One statement for each table, in this order.
const COUNT_AGAIN: readonly Statement[] = Object.entries({
  "mend-assignments": `
    UPDATE workspace_assignment a SET is_dormant = m.role IN ('OWNER', 'ADMIN'), member_joined_at = m.joined_at
    FROM member m WHERE a.organization_id = ANY ($1::uuid[]) AND m.organization_id = ANY ($1::uuid[])
      AND m.organization_id = a.organization_id
      AND m.id = a.member_id AND ${OUTDATED}`,
  "delete-counters": "DELETE FROM organization_count WHERE organization_id = ANY ($1::uuid[])",
  "count-again": `
    INSERT INTO organization_count SELECT (jsonb_populate_record(NULL::organization_count, to_jsonb(r))).*
    FROM (${COUNTED}) r`,
  "delete-counters-of-workspaces": "DELETE FROM workspace_count WHERE organization_id = ANY ($1::uuid[])",
  "count-access-again": `INSERT INTO workspace_count ${COUNTED_ACCESS}`,
}).map(([name, text]) => ({ name, text }));

/** Counts the rows of organizations again. The caller holds their locks. */
export async function countAgain(reader: Reader, organizationIds: readonly string[]): Promise<void> {
  for (const statement of COUNT_AGAIN) await reader.rows(statement, [organizationIds]);
}

const IDS: Statement = {
  name: "organizations-to-recount",
  text: "SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2",
};

/** All organizations by id, after the id `after`. */
export async function organizationsToRecount(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(IDS, [after, limit])).map(({ id }) => id);
}
