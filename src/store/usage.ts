import { createHash } from "node:crypto";
import { decimalOf, type UsageRecord } from "../domain/usage";
import type { Reader, Statement } from "./statement";

// Each record once by its id, whatever else it says: what came before is left out, and what two requests bring at the
// same moment meets at the primary key of the month in which it is received. Around the turn of a month it is written
// to both months, the newer one first, and counts where both took it: a process whose clock is behind or ahead meets it
// in one of them. Rows are written in one order everywhere, so that batches wait for each other and never in a circle.
// No lock of an organization is taken.
const RECORD: Statement = {
  name: "record-usage",
  text: `
    WITH told AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::numeric[], $5::boolean[])
        WITH ORDINALITY AS t (id, workspace_id, at, credits, byok, n)
    ), known AS (
      SELECT DISTINCT ON (t.id) t.*, w.organization_id FROM told t JOIN workspace w ON w.id = t.workspace_id
      ORDER BY t.id, t.n
    ), taken AS (
      INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
      SELECT id, $7::date, organization_id, workspace_id, at, credits, byok FROM known k
      WHERE NOT EXISTS (SELECT FROM usage_ledger u WHERE u.id = k.id AND (u.month < $7::date OR u.month > $7::date))
      ORDER BY id ON CONFLICT DO NOTHING RETURNING id, organization_id, workspace_id, at, credits, byok
    ), taken_twice AS (
      INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
      SELECT id, $6::date, organization_id, workspace_id, at, credits, byok FROM taken WHERE $6::date < $7::date
      ORDER BY id ON CONFLICT DO NOTHING RETURNING id, organization_id, workspace_id, at, credits, byok
    ), added AS (
      SELECT organization_id, workspace_id, at, CASE WHEN byok THEN 0 ELSE credits END AS credits, byok
      FROM (SELECT * FROM taken WHERE $6::date = $7::date UNION ALL SELECT * FROM taken_twice) AS t
    ), hours AS (
      INSERT INTO usage_hour AS h (organization_id, scope_id, hour, credits, calls, byok_calls)
      SELECT organization_id, coalesce(workspace_id, organization_id), hour,
        sum(credits), count(*), count(*) FILTER (WHERE byok)
      FROM (SELECT *, date_trunc('hour', at, 'UTC') AS hour FROM added) AS a
      GROUP BY GROUPING SETS ((organization_id, workspace_id, hour), (organization_id, hour)) ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, scope_id, hour) DO UPDATE SET credits = h.credits + excluded.credits,
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
    SELECT (SELECT count(*)::int FROM added) AS recorded, ARRAY(
      SELECT t.n::int - 1 FROM told t WHERE NOT EXISTS (SELECT FROM workspace w WHERE w.id = t.workspace_id)
    ) AS strangers`,
};

/** What became of a batch: how many records were new, and which, by their place in it, belong to no workspace. */
export interface Recorded {
  recorded: number;
  strangers: number[];
}

/**
 * Writes records to the ledger and its roll-ups in one statement; of several with one id the first. `months` are those
 * of their receipt, the older one first.
 */
export async function insertUsage(
  reader: Reader,
  records: readonly UsageRecord[],
  [older, newer]: readonly [string, string],
): Promise<Recorded> {
  const values = [
    records.map(({ id }) => ledgerKey(id)),
    records.map(({ workspaceId }) => workspaceId),
    records.map(({ at }) => at),
    records.map(({ credits }) => decimalOf(credits)),
    records.map(({ byok }) => byok),
    older,
    newer,
  ];
  const [row] = await reader.rows<Recorded>(RECORD, values);
  return row ?? { recorded: 0, strangers: [] };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Sixteen bytes for any id: a UUID as it is, anything else by its hash. */
function ledgerKey(id: string): string {
  const lower = id.toLowerCase();
  if (UUID.test(lower)) return lower;
  const hex = createHash("sha256").update(id).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
