import type { Client } from "pg";
import { countAgain } from "../../../src/store/recount";

/** The number of organizations of each kind, and their sizes. */
export interface Shape {
  largest: number;
  middles: number;
  middle: number;
  smalls: number;
  /** Tables that stay empty. */
  without?: readonly string[];
}

/** The measured organization, and one of its workspaces, to which almost all members are assigned. */
export interface Filled {
  organizationId: string;
  workspaceId: string;
  /** A member in the middle of the list. */
  memberId: string;
  events: number;
}

/**
 * Skewed like real ones: for ten million members, one organization with a million, a thousand with ten thousand, and a
 * million with one. Smaller numbers are scaled down; the largest organization has at least a thousand.
 */
export function shapeOf(members: number): Shape {
  const largest = Math.max(1_000, Math.floor(members / 10));
  const middles = Math.floor(members / 10_000);
  return { largest, middles, middle: Math.min(10_000, largest), smalls: Math.floor(members / 10) };
}

// Names of two random words; one in a hundred is a Quentin, and one is a Zyxwvut. `n`: the member's number.
const NAME = `substr(md5(o.k || ':' || n), 1, 7) || ' ' || CASE WHEN n = o.size THEN 'zyxwvut'
  WHEN n % 100 = 50 THEN 'quentin' ELSE substr(md5(o.k || '.' || n), 1, 9) END`;
const EMAIL = "'m' || n || '.' || o.k || '@example.com'";
const ROLE = `CASE WHEN n <= 2 THEN 'OWNER' WHEN n <= 12 THEN 'ADMIN' WHEN n % 3 = 0 THEN 'VIEWER' ELSE 'DEVELOPER' END`;
const idOf = (kind: string, n = "0") => `md5('${kind}' || o.k || ':' || ${n})::uuid`;
const MEMBERS = "scale_organization o, generate_series(1, o.size) n";
/** Changes, spread evenly over a year. */
const at = (n: string, of: string) => `(now() - interval '1 year' + ${n} * interval '1 year' / (${of} + 1))`;

const INSERTS: ReadonlyArray<[table: string, columns: string, rows: string]> = [
  [
    "user_account",
    "id, name, email, email_verified, identity_at, created_at, search_text",
    `SELECT 'scale|' || o.k || '|' || n, ${NAME}, ${EMAIL}, true, now(), now(), ${NAME} || E'\\n' || ${EMAIL} FROM ${MEMBERS}`,
  ],
  [
    "organization",
    "id, name, created_at, updated_at, event_sequence, event_hash",
    `SELECT o.id, 'Organization ' || o.k, now() - interval '1 year', now(), o.events, sha256('') FROM scale_organization o`,
  ],
  [
    "organization_subscription",
    "id, organization_id, plan_code, status, billing_interval, started_at, current_period_start, current_period_end",
    `SELECT ${idOf("s")}, o.id, 'ENTERPRISE', 'ACTIVE', 'MONTHLY', now() - interval '1 year', now() - interval '1 day',
      now() + interval '29 days' FROM scale_organization o`,
  ],
  [
    "workspace",
    "id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at",
    `SELECT ${idOf("w", "n")}, o.id, 'Workspace ' || n, 'workspace ' || n, 'AWS', n = 1, now() + n * interval '1 second', now()
      FROM scale_organization o, generate_series(1, CASE WHEN o.k = 0 THEN 3 ELSE 1 END) n`,
  ],
  [
    "member",
    "id, organization_id, user_id, role, joined_at, last_seen_at, name_key, search_text",
    `SELECT ${idOf("m", "n")}, o.id, 'scale|' || o.k || '|' || n, ${ROLE}, ${at("n", "o.size")},
      date_trunc('day', now()) - n % 365 * interval '1 day', left(${NAME}, 100), ${NAME} || E'\\n' || ${EMAIL} FROM ${MEMBERS}`,
  ],
  // All members have the first workspace, one in fifty with an end; one in a hundred of the largest also has the
  // second.
  [
    "workspace_assignment",
    "organization_id, workspace_id, member_id, expires_at, is_dormant, member_joined_at",
    `SELECT o.id, ${idOf("w", "w")}, ${idOf("m", "n")},
      CASE WHEN n % 50 = 1 THEN now() + n % 30 * interval '1 day' + interval '1 day' END, ${ROLE} IN ('OWNER', 'ADMIN'),
      ${at("n", "o.size")}::timestamptz(3) FROM ${MEMBERS}, generate_series(1, 2) w
      WHERE o.size > 1 AND (w = 1 OR o.k = 0 AND n % 100 = 7)`,
  ],
  [
    "invitation",
    "id, organization_id, email, role, status, delivery, created_at, queued_at, send_number, last_sent_at, expires_at",
    `SELECT ${idOf("i", "n")}, o.id, 'i' || n || '.' || o.k || '@example.com', 'VIEWER',
      CASE WHEN n % 5 = 0 THEN 'PENDING' ELSE 'ACCEPTED' END, 'SENT', ${at("n", "o.size")}, now(), 1, now(),
      now() + interval '3 days' FROM ${MEMBERS} WHERE o.size > 1 AND n % 2 = 0`,
  ],
  [
    "invitation_token",
    "organization_id, token_hash, invitation_id",
    `SELECT o.id, sha256(convert_to(o.k || ':' || n, 'UTF8')), ${idOf("i", "n")} FROM ${MEMBERS} WHERE o.size > 1 AND n % 10 = 0`,
  ],
  [
    "invitation_workspace",
    "organization_id, invitation_id, workspace_id",
    `SELECT o.id, ${idOf("i", "n")}, ${idOf("w", "1")} FROM ${MEMBERS} WHERE o.size > 1 AND n % 10 = 0`,
  ],
  [
    "organization_event",
    "organization_id, sequence, type, occurred_at, actor_label, subject_id, summary, data, hash",
    `SELECT o.id, n, CASE WHEN n % 2 = 0 THEN 'member.joined' ELSE 'member.role_changed' END, ${at("n", "o.events")}, 'Owner',
      ${idOf("m", "(1 + n % o.size)")}, 'A member changed.', jsonb_build_object('userId', 'scale|' || o.k || '|' || (1 + n % o.size),
        'before', '{"role": "VIEWER"}'::jsonb, 'after', '{"role": "DEVELOPER"}'::jsonb), sha256('')
      FROM scale_organization o, generate_series(1, o.events) n`,
  ],
  [
    "usage_hour",
    "organization_id, scope_id, hour, credits, calls, byok_calls",
    `SELECT o.id, scope, hour, 1, 1, 0 FROM scale_organization o,
      generate_series(date_trunc('hour', now()) - interval '1 year', now(), CASE WHEN o.k = 0 THEN '1 hour' ELSE '1 week' END::interval) hour,
      unnest(ARRAY[o.id, ${idOf("w", "1")}]) scope`,
  ],
  [
    "usage_day",
    "organization_id, day, period_start, credits",
    `SELECT o.id, day, now() - interval '1 day', 1 FROM scale_organization o,
      generate_series(now()::date - 365, now()::date - 1, CASE WHEN o.k = 0 THEN '1 day' ELSE '1 week' END::interval) day`,
  ],
  [
    "usage_ledger",
    "id, month, organization_id, workspace_id, at, credits, byok",
    `SELECT ${idOf("u", "n")}, date_trunc('month', now())::date, o.id, ${idOf("w", "1")}, now(), 1, false FROM ${MEMBERS}`,
  ],
];

const BATCH = 2_000;
const MANY = 20_000;

/** Fills a migrated database in a few statements, without indexes and triggers where that is faster. */
export async function fillDatabase(client: Client, ownerId: string, shape: Shape): Promise<Filled> {
  const { largest, middles, middle, smalls, without = [] } = shape;
  await client.query(`
    CREATE TEMPORARY TABLE scale_organization AS
    SELECT k, md5('o' || k)::uuid AS id, CASE WHEN k = 0 THEN ${largest} WHEN k <= ${middles} THEN ${middle} ELSE 1 END AS size,
      CASE WHEN k = 0 THEN ${2 * largest} WHEN k <= ${middles} THEN ${middle} ELSE 3 END AS events
    FROM generate_series(0, ${middles + smalls}) k`);
  const month = new Date().toISOString().slice(0, 7);
  const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 10);
  const partition = `usage_ledger_${month.replace("-", "_")}`;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${partition} PARTITION OF usage_ledger FOR VALUES FROM ('${month}-01') TO ('${next}')`,
  );
  for (const [table, columns, rows] of INSERTS.filter(([table]) => !without.includes(table))) {
    await unindexed(client, table, largest + middles * middle > MANY, async () => {
      await client.query(`INSERT INTO ${table} (${columns}) ${rows}`);
    });
  }
  // The planner expects few organizations, and would read whole tables for each batch.
  for (const kind of ["seqscan", "hashjoin", "mergejoin"]) await client.query(`SET enable_${kind} = off`);
  const { rows } = await client.query<{ id: string }>("SELECT id FROM scale_organization ORDER BY k");
  for (let from = 0; from < rows.length; from += BATCH) {
    const ids = rows.slice(from, from + BATCH).map(({ id }) => id);
    await countAgain({ rows: async ({ text }, values) => (await client.query(text, [...values])).rows }, ids);
  }
  for (const kind of ["seqscan", "hashjoin", "mergejoin"]) await client.query(`RESET enable_${kind}`);
  await client.query("UPDATE member SET user_id = $1 WHERE user_id = 'scale|0|1'", [ownerId]);
  await client.query("VACUUM ANALYZE");
  const [found] = (
    await client.query<Filled>(
      `SELECT o.id AS "organizationId", ${idOf("w", "1")} AS "workspaceId", ${idOf("m", "(o.size / 2)")} AS "memberId", o.events
       FROM scale_organization o WHERE k = 0`,
    )
  ).rows;
  if (!found) throw new Error("Nothing was generated.");
  return found;
}

/** Inserting many rows is faster without triggers, and indexing is faster at the end. */
async function unindexed(client: Client, table: string, isLarge: boolean, insert: () => Promise<void>): Promise<void> {
  await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
     JOIN pg_class c ON c.oid = i.indrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
     WHERE i.indrelid = $1::regclass AND k.oid IS NULL AND c.relkind = 'r' AND $2`,
    [table, isLarge],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  await insert();
  await client.query("SET maintenance_work_mem = '512MB'");
  for (const { definition } of rows) await client.query(definition);
  await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
}
