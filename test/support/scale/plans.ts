import { Client, type QueryConfig } from "pg";

/** A recorded statement. A pipelined one is planned with the settings of its connection. */
export interface SentStatement {
  text: string;
  values: readonly unknown[];
  isPipelined: boolean;
}

/** Sent at any time, to check a connection. */
const PROBE = "SELECT 1";

/** Records the statements of `work`, and rolls its transactions back. */
export async function recordStatements(work: () => Promise<unknown>): Promise<SentStatement[]> {
  const sent: SentStatement[] = [];
  const plain = Client.prototype.query;
  const recording = function (this: Client & { pipeline?: boolean }, ...parts: [unknown, unknown?]) {
    const [query, values] = parts;
    const { text, values: own } = typeof query === "string" ? { text: query, values } : (query as QueryConfig);
    if (text !== PROBE) sent.push({ text, values: Array.isArray(own) ? own : [], isPipelined: this.pipeline === true });
    return Reflect.apply(plain, this, text === "COMMIT" ? ["ROLLBACK"] : parts);
  };
  Client.prototype.query = recording as Client["query"];
  try {
    await work();
  } finally {
    Client.prototype.query = plain;
  }
  return sent;
}

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Plan[];
}

/** The rows that the plans of some statements read, and the growing tables that they read completely. */
export interface Work {
  rows: number;
  scanned: string[];
}

const GROWING = new Set([
  ...["user_account", "organization", "organization_subscription", "organization_count", "member", "former_member"],
  ...["workspace", "workspace_count", "workspace_assignment", "invitation", "invitation_token", "invitation_workspace"],
  ...["organization_event", "usage_hour", "usage_day", "idempotent_answer"],
]);
const LANE_SETTINGS =
  "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; SET LOCAL jit = off";
const IS_PLANNED = /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/i;

/** Executes recorded statements again under EXPLAIN ANALYZE, in a transaction that is rolled back. */
export async function workOf(client: Client, statements: readonly SentStatement[]): Promise<Work> {
  const work: Work = { rows: 0, scanned: [] };
  await client.query("BEGIN");
  for (const { text, values, isPipelined } of statements) {
    if (!IS_PLANNED.test(text)) continue;
    await client.query("SAVEPOINT settings");
    if (isPipelined) await client.query(LANE_SETTINGS);
    await client.query(`PREPARE planned AS ${text}`);
    const parameters = values.length === 0 ? "" : `(${values.map(literalOf).join(", ")})`;
    const explained = await client.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE planned ${parameters}`);
    await client.query(
      "DEALLOCATE planned; SET LOCAL plan_cache_mode = auto; SET LOCAL enable_seqscan = on; RELEASE settings",
    );
    collect(explained.rows[0]["QUERY PLAN"][0].Plan, work);
  }
  await client.query("ROLLBACK");
  return work;
}

function collect(plan: Plan, work: Work): void {
  const relation = plan["Relation Name"];
  const removed = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  if (relation) work.rows += (plan["Actual Rows"] + removed) * plan["Actual Loops"];
  if (plan["Node Type"] === "Seq Scan" && relation && GROWING.has(relation)) work.scanned.push(relation);
  for (const child of plan.Plans ?? []) collect(child, work);
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) return quoted(`{${value.map(elementOf).join(",")}}`);
  return quoted(textOf(value));
}

function elementOf(value: unknown): string {
  return value === null || value === undefined ? "NULL" : JSON.stringify(textOf(value));
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString("hex")}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
