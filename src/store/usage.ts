import { hash } from "node:crypto";
import { decimalOf, FOUNDING_TOLERANCE_MS, monthsOfReceipt, type UsageRecord } from "../domain/usage";
import { located, type Within } from "./engine/directories";
import type { MergeableWrite } from "./engine/merged-writes";
import type { Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";

// Counts each record once by its organization and id. Earlier records are skipped, and concurrent ones conflict on the
// primary key of the month in which they are received. Around the turn of a month, a record is written to both months,
// the newer one first, and counts only if both accept it: so it also conflicts with a process whose clock is a little
// behind or ahead. All batches write rows in the same order, so they wait for each other without a deadlock. Takes no
// organization's lock.
// The sender's clock may be behind, or count whole seconds. So a call shortly before its organization was founded is
// charged to the founding hour and the first period, instead of to no period.
const ON_ONE_SERVER = recording({
  workspaces: "workspace",
  hasEarlier: `(SELECT u.id FROM usage_ledger u
        WHERE u.id = k.id AND u.organization_id = k.organization_id AND u.month < $7::date LIMIT 1) IS NOT NULL`,
});
// A distributed database joins rows of several organizations only once it has collected them.
const onSeveral = (within: Within) =>
  recording({
    within,
    collected: `places AS MATERIALIZED (
      SELECT id, organization_id FROM workspace WHERE id = ANY ($2::uuid[]) ${within("organization_id")}
    ), earlier AS MATERIALIZED (
      SELECT id, organization_id FROM usage_ledger
      WHERE id = ANY ($1::uuid[]) AND month < $7::date ${within("organization_id")}
    ), `,
    workspaces: "places",
    hasEarlier: "EXISTS (SELECT 1 FROM earlier u WHERE u.id = k.id AND u.organization_id = k.organization_id)",
  });
const RECORD: Statement = {
  ...located({ name: "record-usage" }, { directory: "workspace", parameter: 2 }, onSeveral),
  text: ON_ONE_SERVER,
  distributed: onSeveral(() => ""),
};

interface Recording {
  within?: Within;
  /** Queries before the others. */
  collected?: string;
  /** Where workspaces are looked up. */
  workspaces: string;
  /** Whether a record of `k` was written in an earlier month. */
  hasEarlier: string;
}

function recording({ within = () => "", collected = "", workspaces, hasEarlier }: Recording): string {
  return `
    WITH ${collected}sent AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::numeric[], $5::boolean[])
        WITH ORDINALITY AS t (id, workspace_id, at, credits, byok, n)
    ), known AS MATERIALIZED (
      SELECT DISTINCT ON (t.id, w.organization_id) t.*, w.organization_id
      FROM sent t JOIN ${workspaces} w ON w.id = t.workspace_id
      ORDER BY t.id, w.organization_id, t.n
    ), inserted AS (
      INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
      SELECT id, $7::date, organization_id, workspace_id, at, credits, byok FROM known k
      WHERE NOT ${hasEarlier}
      ORDER BY id, organization_id ON CONFLICT DO NOTHING RETURNING id, organization_id, workspace_id, at, credits, byok
    ), inserted_in_both AS (
      INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
      SELECT id, $6::date, organization_id, workspace_id, at, credits, byok FROM inserted WHERE $6::date < $7::date
      ORDER BY id, organization_id ON CONFLICT DO NOTHING RETURNING id, organization_id, workspace_id, at, credits, byok
    ), added AS (
      SELECT * FROM inserted WHERE $6::date = $7::date UNION ALL SELECT * FROM inserted_in_both
    ), subscribed AS MATERIALIZED (
      SELECT s.organization_id, s.started_at, o.created_at AS founded_at
      FROM organization_subscription s JOIN organization o ON o.id = s.organization_id ${within("o.id")}
      WHERE s.organization_id IN (SELECT organization_id FROM known) ${within("s.organization_id")}
    ), periods AS MATERIALIZED (
      SELECT organization_id, founded_at, ARRAY(
        SELECT (started_at AT TIME ZONE 'UTC' + make_interval(months => n)) AT TIME ZONE 'UTC'
        FROM (SELECT (extract(year FROM age) * 12 + extract(month FROM age))::int AS months
          FROM (SELECT age(date_trunc('month', $8::timestamptz, 'UTC'), date_trunc('month', started_at, 'UTC'))) AS a
        ) AS m, generate_series(months - 3, months + 1) AS n
      ) AS starts
      FROM subscribed
    ), charged AS (
      SELECT *, CASE WHEN at < founded_at AND at >= founded_at - $9::interval THEN founded_at ELSE at END AS charged_at
      FROM added JOIN periods USING (organization_id)
    ), sums AS (
      SELECT organization_id, workspace_id, date_trunc('hour', charged_at, 'UTC') AS hour,
        (charged_at AT TIME ZONE 'UTC')::date AS day, starts[width_bucket(charged_at, starts)] AS period_start,
        coalesce(sum(credits) FILTER (WHERE NOT byok), 0) AS credits,
        count(*) AS calls, count(*) FILTER (WHERE byok) AS byok_calls
      FROM charged GROUP BY 1, 2, 3, 4, 5
    ), hours AS (
      INSERT INTO usage_hour AS h (organization_id, scope_id, hour, credits, calls, byok_calls)
      SELECT organization_id, coalesce(workspace_id, organization_id), hour, sum(credits), sum(calls), sum(byok_calls)
      FROM sums GROUP BY GROUPING SETS ((organization_id, workspace_id, hour), (organization_id, hour))
      ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, scope_id, hour) DO UPDATE SET credits = h.credits + excluded.credits,
        calls = h.calls + excluded.calls, byok_calls = h.byok_calls + excluded.byok_calls
    ), days AS (
      INSERT INTO usage_day AS d (organization_id, day, period_start, credits)
      SELECT organization_id, day, period_start, sum(credits)
      FROM sums WHERE credits > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (organization_id, day, period_start) DO UPDATE SET credits = d.credits + excluded.credits
    )
    SELECT ARRAY(
      SELECT count(k.n)::int FROM unnest($10::int[]) WITH ORDINALITY AS b (first, batch)
      LEFT JOIN (known k JOIN added a ON a.id = k.id AND a.organization_id = k.organization_id)
        ON width_bucket(k.n::int, $10::int[]) = b.batch
      GROUP BY b.batch ORDER BY b.batch
    ) AS recorded, ARRAY(
      SELECT t.n::int - 1 FROM sent t WHERE NOT EXISTS (SELECT 1 FROM ${workspaces} w WHERE w.id = t.workspace_id)
    ) AS "unknownWorkspaces", ARRAY(SELECT DISTINCT organization_id FROM sums WHERE credits > 0) AS "spendingOrganizations"`;
}

/** The result of recording a batch. */
export interface RecordedUsage {
  /** The number of new records. */
  recorded: number;
  /** Indexes, in the batch, of records without an existing workspace. */
  unknownWorkspaces: number[];
  /** Organizations that spent credits, by these records or by others that were written with them. */
  spendingOrganizations: string[];
}

/** Records that are received together. */
interface UsageBatch {
  records: readonly UsageRecord[];
  now: Date;
}

/** A row for all batches together, with `recorded` for each. */
type RecordedRow = Omit<RecordedUsage, "recorded"> & { recorded: number[] };

/** How many records one statement writes. A larger one is no faster. */
const RECORDS_AT_ONCE = 4_000;

/** Many batches for the same organizations update the same rows. One statement updates each once for all of them. */
const WRITE_USAGE: MergeableWrite<UsageBatch, RecordedRow, RecordedUsage> = {
  statement: RECORD,
  limit: RECORDS_AT_ONCE,
  sizeOf: ({ records }) => records.length,
  keysOf: ({ records }) => new Set(records.map(({ workspaceId }) => workspaceId)),
  areCompatible: (one, other) => monthsOfReceipt(one.now).join() === monthsOfReceipt(other.now).join(),
  valuesOf: (batches) => {
    const records = batches.flatMap((batch) => batch.records);
    const now = batches.at(-1)?.now ?? new Date(0);
    const [older, newer] = monthsOfReceipt(now);
    return [
      arrayOf(records, ({ id }) => ledgerKey(id)),
      arrayOf(records, ({ workspaceId }) => workspaceId),
      arrayOf(records, ({ at }) => at.toISOString()),
      arrayOf(records, ({ credits }) => decimalOf(credits)),
      arrayOf(records, ({ byok }) => (byok ? "t" : "f")),
      ...[older, newer, now, `${FOUNDING_TOLERANCE_MS} milliseconds`],
      startsOf(batches).map((start) => start + 1),
    ];
  },
  resultsOf: ([row], batches) => {
    const starts = startsOf(batches);
    return batches.map(({ records }, batch) => {
      const start = starts[batch] ?? 0;
      const isOwn = (index: number) => index >= start && index < start + records.length;
      return {
        recorded: row?.recorded[batch] ?? 0,
        unknownWorkspaces: (row?.unknownWorkspaces ?? []).filter(isOwn).map((index) => index - start),
        spendingOrganizations: row?.spendingOrganizations ?? [],
      };
    });
  },
};

/** The index of each batch's first record in the statement. */
function startsOf(batches: readonly UsageBatch[]): number[] {
  let next = 0;
  return batches.map(({ records }) => {
    next += records.length;
    return next - records.length;
  });
}

/** Writes records to the ledger and its roll-ups in one statement. Of several with the same id, the first counts. */
export function insertUsage(transaction: Transaction, records: readonly UsageRecord[], now: Date) {
  return transaction.write(WRITE_USAGE, { records, now });
}

/** An array in PostgreSQL syntax, of values that need no quotes: ids, instants, numbers and flags. */
function arrayOf(records: readonly UsageRecord[], write: (record: UsageRecord) => string): string {
  return `{${records.map(write).join(",")}}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID for any id: the id itself if it is one, otherwise its hash. */
function ledgerKey(id: string): string {
  const lower = id.toLowerCase();
  if (UUID.test(lower)) return lower;
  const hex = hash("sha256", id, "hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
