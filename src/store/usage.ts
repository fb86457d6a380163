import { Unavailable } from "../domain/denial";
import { FOUNDING_TOLERANCE_MS, monthsOfReceipt, type UsageRecord } from "../domain/usage";
import { located, type Within } from "./engine/directories";
import type { MergeableWrite } from "./engine/merged-writes";
import type { Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";
import { insertByOrganization } from "./usage-by-organization";
import {
  addToDays,
  addToHours,
  chargedAt,
  columnsOf,
  periodStarts,
  type RecordedUsage,
  sumsOf,
  type UsageBatch,
} from "./usage-ledger";

// Counts each record once by its organization and id. Earlier records are skipped, and concurrent ones conflict on the
// primary key of the month in which they are received. Around the turn of a month, a record is written to both months,
// the newer one first, and counts only if both accept it: so it also conflicts with a process whose clock is a little
// behind or ahead. All batches write rows in the same order, so they wait for each other without a deadlock. Takes no
// organization's lock.
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
      SELECT organization_id, founded_at, ${periodStarts("$8")} AS starts
      FROM subscribed
    ), charged AS (
      SELECT *, ${chargedAt("$9")} AS charged_at
      FROM added JOIN periods USING (organization_id)
    ), sums AS (${sumsOf("charged")}
    ), hours AS (${addToHours("sums")}
    ), days AS (${addToDays("sums")}
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
      ...columnsOf(records),
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

/**
 * Writes records to the ledger and its roll-ups in one statement. Of several with the same id, the first counts. If a node
 * of a distributed database is down, the organizations of other nodes are written nevertheless, and then the error is
 * thrown.
 */
export async function insertUsage(transaction: Transaction, records: readonly UsageRecord[], now: Date) {
  try {
    return await transaction.write(WRITE_USAGE, { records, now });
  } catch (error) {
    const { apart, writesDirectories } = transaction;
    if (!apart || !writesDirectories || !(error instanceof Unavailable)) throw error;
    return await insertByOrganization(transaction, apart, { records, now });
  }
}
