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

/** Counters that differ from the rows that they count. `stored`: null where there are none. */
export interface WrongCounters {
  organizationId: string;
  stored: Record<string, number> | null;
  counted: Record<string, number>;
}

// One statement has one snapshot, and a change commits with its counters: what differs is wrong, without any lock.
const WRONG: Statement = {
  name: "wrong-counters",
  text: `
    SELECT r.organization_id AS "organizationId", to_jsonb(c) - 'organization_id' AS stored,
      to_jsonb(r) - 'organization_id' AS counted
    FROM (${COUNTED}) r LEFT JOIN organization_count c ON c.organization_id = r.organization_id
    WHERE to_jsonb(c) IS DISTINCT FROM to_jsonb(r)`,
};

/** The organizations among these whose counters are wrong. */
export function wrongCounters(reader: Reader, organizationIds: readonly string[]): Promise<WrongCounters[]> {
  return reader.rows<WrongCounters>(WRONG, [organizationIds]);
}

const DELETE: Statement = {
  name: "delete-counters",
  text: "DELETE FROM organization_count WHERE organization_id = $1",
};
const COUNT: Statement = {
  name: "count-again",
  text: `
    INSERT INTO organization_count SELECT (jsonb_populate_record(NULL::organization_count, to_jsonb(r))).*
    FROM (${COUNTED}) r`,
};

/** Counts an organization's rows anew. The caller holds its lock. */
export async function countAgain(reader: Reader, organizationId: string): Promise<void> {
  await reader.rows(DELETE, [organizationId]);
  await reader.rows(COUNT, [[organizationId]]);
}

const IDS: Statement = {
  name: "organizations-to-recount",
  text: "SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2",
};

/** All organizations by id, after the id `after`. */
export async function organizationsToRecount(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.rows<{ id: string }>(IDS, [after, limit])).map(({ id }) => id);
}
