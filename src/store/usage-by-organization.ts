import { Unavailable } from "../domain/denial";
import { FOUNDING_TOLERANCE_MS, monthsOfReceipt, type UsageRecord } from "../domain/usage";
import { organizationsOfWorkspaces } from "./engine/directories";
import { afterCommitWasSent } from "./engine/outage";
import type { Reader, Statement } from "./engine/statement";
import type { Transaction } from "./engine/transaction";
import {
  addToDays,
  addToHours,
  chargedAt,
  columnsOf,
  ledgerKey,
  periodStarts,
  type RecordedUsage,
  sumsOf,
  type UsageBatch,
} from "./usage-ledger";

// Each statement names one organization, so Citus sends it to one node. It sends what a statement has collected to all
// nodes, and the statement that records several batches at once collects.

const STATE: Statement = {
  name: "usage-state-of-organization",
  text: `
    SELECT s.started_at AS "startedAt", o.created_at AS "foundedAt",
      ARRAY(SELECT id FROM workspace WHERE organization_id = $1 AND id = ANY ($2::uuid[])) AS workspaces,
      ARRAY(SELECT id FROM usage_ledger WHERE organization_id = $1 AND id = ANY ($3::uuid[]) AND month < $4::date) AS earlier
    FROM organization o JOIN organization_subscription s ON s.organization_id = o.id
    WHERE o.id = $1 AND s.organization_id = $1`,
};

const SENT = `unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::numeric[], $6::boolean[])
  AS t (id, workspace_id, at, credits, byok)`;
const INSERT: Statement = {
  name: "insert-usage-of-organization",
  text: `
    INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
    SELECT id, $7::date, $1::uuid, workspace_id, at, credits, byok FROM ${SENT}
    ORDER BY id ON CONFLICT DO NOTHING RETURNING id`,
};

const PERIODS = `(SELECT $1::uuid AS organization_id, $9::timestamptz AS founded_at, ${periodStarts("$10")} AS starts
  FROM (SELECT $8::timestamptz AS started_at) s) periods`;
const SUMS = `(${sumsOf(`(SELECT *, ${chargedAt("$7")} AS charged_at FROM ${SENT}, ${PERIODS}) charged`)}) sums`;
const HOURS: Statement = { name: "add-to-hours-of-organization", text: addToHours(SUMS) };
const DAYS: Statement = { name: "add-to-days-of-organization", text: addToDays(SUMS) };

interface State {
  startedAt: Date;
  foundedAt: Date;
  workspaces: string[];
  earlier: string[];
}

/**
 * Records usage in a transaction for each organization, for a distributed database with a node that is down. Throws the
 * error of the first organization that failed, after the others are written. Then a part may have been recorded.
 */
export async function insertByOrganization(
  reader: Reader,
  inTransaction: NonNullable<Transaction["apart"]>,
  { records, now }: UsageBatch,
): Promise<RecordedUsage> {
  const places = await organizationsOfWorkspaces(
    reader,
    records.map(({ workspaceId }) => workspaceId),
  );
  const placeOf = ({ workspaceId }: UsageRecord) => places.get(workspaceId.toLowerCase());
  const result = { recorded: 0, spendingOrganizations: [] as string[] };
  const known = new Set<string>();
  const errors: unknown[] = [];
  for (const organizationId of new Set(places.values())) {
    const own = records.filter((record) => placeOf(record) === organizationId);
    try {
      const { added, workspaces } = await inTransaction((transaction) => write(transaction, organizationId, own, now));
      for (const id of workspaces) known.add(id);
      result.recorded += added.length;
      if (added.some(({ byok, credits }) => !byok && credits > 0)) result.spendingOrganizations.push(organizationId);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0] instanceof Unavailable ? afterCommitWasSent(errors[0]) : errors[0];
  const isUnknown = ({ workspaceId }: UsageRecord) => !known.has(workspaceId.toLowerCase());
  return { ...result, unknownWorkspaces: records.flatMap((record, index) => (isUnknown(record) ? [index] : [])) };
}

/** Records an organization's usage. Returns the new records, and those of their workspaces that exist. */
async function write(transaction: Transaction, organizationId: string, records: readonly UsageRecord[], now: Date) {
  const [older, newer] = monthsOfReceipt(now);
  const [ids, workspaceIds] = columnsOf(records);
  const [state] = await transaction.rows<State>(STATE, [organizationId, workspaceIds, ids, newer]);
  if (!state) return { added: [], workspaces: [] };
  const { workspaces, earlier, startedAt, foundedAt } = state;
  const byKey = new Map<string, UsageRecord>();
  for (const record of records) {
    const key = ledgerKey(record.id);
    const isNew = !earlier.includes(key) && !byKey.has(key);
    if (isNew && workspaces.includes(record.workspaceId.toLowerCase())) byKey.set(key, record);
  }
  let added = [...byKey.values()];
  for (const month of new Set([newer, older])) {
    if (added.length === 0) break;
    const rows = await transaction.rows<{ id: string }>(INSERT, [organizationId, ...columnsOf(added), month]);
    added = rows.flatMap(({ id }) => byKey.get(id) ?? []);
  }
  if (added.length > 0) {
    const tolerance = `${FOUNDING_TOLERANCE_MS} milliseconds`;
    const values = [organizationId, ...columnsOf(added), tolerance, startedAt, foundedAt, now];
    for (const statement of [HOURS, DAYS]) await transaction.rows(statement, values);
  }
  return { added, workspaces };
}
