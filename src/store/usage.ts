import { createHash } from "node:crypto";
import { decimalOf, type UsageRecord } from "../domain/usage";
import type { Reader, Statement } from "./statement";

// Each record once: what is known already is left out by its id alone, and what two requests bring at the same moment
// meets at the primary key. Rows are written in one order everywhere, so that batches wait for each other and never in
// a circle. No lock of an organization is taken.
const RECORD: Statement = {
  name: "record-usage",
  text: `
    WITH told AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::numeric[], $5::boolean[])
        AS t (id, workspace_id, at, credits, byok)
    ), known AS (
      SELECT t.*, w.organization_id FROM told t JOIN workspace w ON w.id = t.workspace_id
    ), added AS (
      INSERT INTO usage_record (id, organization_id, workspace_id, at, credits, byok)
      SELECT id, organization_id, workspace_id, at, credits, byok FROM known k
      WHERE NOT EXISTS (SELECT FROM usage_record u WHERE u.id = k.id)
      ORDER BY id, at ON CONFLICT DO NOTHING
      RETURNING organization_id, workspace_id, at, CASE WHEN byok THEN 0 ELSE credits END AS credits, byok
    ), hours AS (
      INSERT INTO usage_hour AS h (organization_id, hour, workspace_id, credits, calls, byok_calls)
      SELECT organization_id, date_trunc('hour', at, 'UTC') AS hour, workspace_id,
        sum(credits), count(*), count(*) FILTER (WHERE byok)
      FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, hour, workspace_id) DO UPDATE SET credits = h.credits + excluded.credits,
        calls = h.calls + excluded.calls, byok_calls = h.byok_calls + excluded.byok_calls
    ), anchored AS (
      SELECT a.organization_id, a.at AT TIME ZONE 'UTC' AS at, s.started_at AT TIME ZONE 'UTC' AS anchor, a.credits,
        (extract(year FROM a.at AT TIME ZONE 'UTC') - extract(year FROM s.started_at AT TIME ZONE 'UTC')) * 12
          + extract(month FROM a.at AT TIME ZONE 'UTC') - extract(month FROM s.started_at AT TIME ZONE 'UTC') AS months
      FROM added a JOIN organization_subscription s USING (organization_id) WHERE a.credits > 0
    ), days AS (
      INSERT INTO usage_day AS d (organization_id, day, period_start, credits)
      SELECT organization_id, at::date AS day, (CASE WHEN anchor + make_interval(months => months::int) <= at
          THEN anchor + make_interval(months => months::int)
          ELSE anchor + make_interval(months => months::int - 1) END) AT TIME ZONE 'UTC' AS period_start, sum(credits)
      FROM anchored GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, day, period_start) DO UPDATE SET credits = d.credits + excluded.credits
    )
    SELECT (SELECT count(*)::int FROM added) AS recorded,
      ARRAY(SELECT t.id FROM told t WHERE NOT EXISTS (SELECT FROM workspace w WHERE w.id = t.workspace_id)) AS strangers`,
};

/** What became of a batch: how many records were new, and which belong to no workspace. */
export interface Recorded {
  recorded: number;
  strangers: Set<UsageRecord>;
}

/** Writes records to the ledger and its roll-ups in one statement. Their ids differ from each other. */
export async function insertUsage(reader: Reader, records: readonly UsageRecord[]): Promise<Recorded> {
  if (records.length === 0) return { recorded: 0, strangers: new Set() };
  const byKey = new Map(records.map((record) => [ledgerKey(record.id), record]));
  const values = [
    [...byKey.keys()],
    records.map(({ workspaceId }) => workspaceId),
    records.map(({ at }) => at),
    records.map(({ credits }) => decimalOf(credits)),
    records.map(({ byok }) => byok),
  ];
  const [row] = await reader.rows<{ recorded: number; strangers: string[] }>(RECORD, values);
  const strangers = (row?.strangers ?? []).flatMap((key) => byKey.get(key) ?? []);
  return { recorded: row?.recorded ?? 0, strangers: new Set(strangers) };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Sixteen bytes for any id: a UUID as it is, anything else by its hash. */
export function ledgerKey(id: string): string {
  const lower = id.toLowerCase();
  if (UUID.test(lower)) return lower;
  const hex = createHash("sha256").update(id).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

const FORGET: Statement = {
  name: "forget-usage-of-purged",
  text: `
    WITH hours AS (DELETE FROM usage_hour WHERE organization_id = ANY ($1::uuid[]))
    DELETE FROM usage_day WHERE organization_id = ANY ($1::uuid[])`,
};

/** Deletes the roll-ups of organizations that are gone; their records go with the ledger's partitions. */
export async function forgetUsage(reader: Reader, organizationIds: readonly string[]): Promise<void> {
  await reader.rows(FORGET, [organizationIds]);
}
