import { Client } from "pg";
import { BulkLoad, inTurns } from "./bulk-load";

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

// Names of two random words and an address; one in a hundred is a Quentin, and one is a Zyxwvut. Members of other
// organizations have one word, because their search keys take most of the time. `n`: the member's number.
const OTHER = "substr(md5(o.k || ':' || n), 1, 5)";
const NAME = `CASE WHEN o.k > 0 THEN ${OTHER} ELSE ${OTHER} || ' ' || CASE WHEN n = o.size THEN 'zyxwvut'
  WHEN n % 100 = 50 THEN 'quentin' ELSE substr(md5(o.k || '.' || n), 1, 9) END END`;
const EMAIL = "CASE WHEN o.k = 0 THEN 'm' || n || '.' || o.k || '@example.com' END";
const SEARCH_TEXT = `concat_ws(E'\\n', ${NAME}, ${EMAIL})`;
const ROLE = `CASE WHEN n <= 2 THEN 'OWNER' WHEN n <= 12 THEN 'ADMIN' WHEN n % 3 = 0 THEN 'VIEWER' ELSE 'DEVELOPER' END`;
const ROLES = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];
const idOf = (kind: string, n = "0") => `md5('${kind}' || o.k || ':' || ${n})::uuid`;
const MEMBERS = "scale_organization o, generate_series(1, o.size) n";
const WORKSPACES = "scale_organization o, generate_series(1, CASE WHEN o.k = 0 THEN 3 ELSE 1 END) w";
// All members of larger organizations have the first workspace; one in a hundred of the largest also has the second.
const IS_ASSIGNED = "o.size > 1 AND (w = 1 OR w = 2 AND n % 100 = 7)";
/** Changes, spread evenly over a year. */
const at = (n: string, of: string) => `(o.since + ${n} * interval '1 year' / (${of} + 1))`;
/** How often the other organizations use the platform. */
const USED = "CASE WHEN o.k <= 1000 THEN '1 week' ELSE '180 days' END";

const INSERTS: ReadonlyArray<[table: string, columns: string, rows: string]> = [
  [
    "user_account",
    "id, name, email, email_verified, identity_at, created_at, search_text",
    `SELECT 'scale|' || o.k || '|' || n, ${NAME}, ${EMAIL}, o.k = 0, now(), now(), ${SEARCH_TEXT} FROM ${MEMBERS}`,
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
    "id, organization_id, name, name_key, name_looks, cloud_provider, is_default, created_at, updated_at",
    `SELECT ${idOf("w", "w")}, o.id, 'Workspace ' || w, 'workspace ' || w, 'workspace ' || w, 'AWS', w = 1, now() + w * interval '1 second', now()
      FROM ${WORKSPACES}`,
  ],
  [
    "member",
    "id, organization_id, user_id, role, joined_at, last_seen_at, name_key, search_text",
    `SELECT ${idOf("m", "n")}, o.id, 'scale|' || o.k || '|' || n, ${ROLE}, ${at("n", "o.size")},
      date_trunc('day', now()) - n % 365 * interval '1 day', left(${NAME}, 100), ${SEARCH_TEXT} FROM ${MEMBERS}`,
  ],
  // One in fifty has an end.
  [
    "workspace_assignment",
    "organization_id, workspace_id, member_id, expires_at, is_dormant, member_joined_at",
    `SELECT o.id, ${idOf("w", "w")}, ${idOf("m", "n")},
      CASE WHEN n % 50 = 1 THEN now() + n % 30 * interval '1 day' + interval '1 day' END, ${ROLE} IN ('OWNER', 'ADMIN'),
      ${at("n", "o.size")}::timestamptz(3) FROM ${WORKSPACES}, generate_series(1, o.size) n WHERE ${IS_ASSIGNED}`,
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
      ${idOf("m", "(1 + n % o.size)")}, 'A member changed.',
      CASE WHEN n % 2 = 1 THEN '{"before": {"role": "VIEWER"}, "after": {"role": "DEVELOPER"}}'::jsonb ELSE '{}' END
        || jsonb_build_object('userId', 'scale|' || o.k || '|' || (1 + n % o.size)), sha256('')
      FROM scale_organization o, generate_series(1, o.events) n`,
  ],
  [
    "usage_hour",
    "organization_id, scope_id, hour, credits, calls, byok_calls",
    `SELECT o.id, scope, hour, 1, 1, 0 FROM scale_organization o,
      generate_series(date_trunc('hour', now()) - interval '1 year', now(),
        CASE WHEN o.k = 0 THEN '1 hour' ELSE ${USED} END::interval) hour,
      unnest(ARRAY[o.id, ${idOf("w", "1")}]) scope`,
  ],
  [
    "usage_day",
    "organization_id, day, period_start, credits",
    `SELECT o.id, day, now() - interval '1 day', 1 FROM scale_organization o,
      generate_series(now()::date - 365, now()::date - 1,
        CASE WHEN o.k = 0 THEN '1 day' ELSE ${USED} END::interval) day`,
  ],
  [
    "usage_ledger",
    "id, month, organization_id, workspace_id, at, credits, byok",
    `SELECT ${idOf("u", "n")}, date_trunc('month', now())::date, o.id, ${idOf("w", "1")}, now(), 1, false
      FROM ${MEMBERS} WHERE n % 10 = 1`,
  ],
  [
    "organization_count",
    `organization_id, owners, admins, developers, viewers, pending_invitations, accepted_invitations,
      declined_invitations, canceled_invitations, expired_invitations, workspaces`,
    `SELECT o.id, counted.*, o.size / 10, o.size / 2 - o.size / 10, 0, 0, 0, CASE WHEN o.k = 0 THEN 3 ELSE 1 END
      FROM scale_organization o, LATERAL (SELECT ${ROLES.map((role) => `count(*) FILTER (WHERE ${ROLE} = '${role}')`)}
        FROM generate_series(1, o.size) n) counted`,
  ],
  [
    "workspace_count",
    "organization_id, workspace_id, members",
    `SELECT o.id, ${idOf("w", "w")},
      (SELECT count(*) FROM generate_series(1, o.size) n WHERE ${IS_ASSIGNED} AND ${ROLE} NOT IN ('OWNER', 'ADMIN'))
      FROM ${WORKSPACES}`,
  ],
];

const MANY = 20_000;
const CONNECTIONS = 8;
const SETTINGS =
  "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 0";

/** Fills a migrated database in a few statements; a large one on several connections, and without indexes at first. */
export async function fillDatabase(url: string, ownerId: string, shape: Shape): Promise<Filled> {
  const isLarge = shape.largest + shape.middles * shape.middle > MANY;
  const clients = Array.from({ length: isLarge ? CONNECTIONS : 1 }, () => new Client({ connectionString: url }));
  try {
    for (const client of clients) await client.connect();
    return await fill(clients, ownerId, shape, isLarge);
  } finally {
    for (const client of clients) await client.end();
  }
}

async function fill(clients: readonly Client[], ownerId: string, shape: Shape, isLarge: boolean): Promise<Filled> {
  const client = clients[0] as Client;
  const { without = [] } = shape;
  const inserts = INSERTS.filter(([table]) => !without.includes(table));
  const tables = inserts.map(([table]) => table);
  await begin(client, shape);
  if (isLarge) for (const each of clients) await each.query(SETTINGS);
  const bulk = isLarge ? await BulkLoad.start(client, tables) : null;
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  // Each part of a table comes after the parts of other tables: one table is extended by one connection at a time.
  await inTurns(
    clients,
    clients.flatMap((_, part) =>
      inserts.map(([table, columns, rows]) => async (each) => {
        const own = `(SELECT * FROM scale_organization WHERE k % ${clients.length} = ${part}) o`;
        await each.query(`INSERT INTO ${table} (${columns}) ${rows.replaceAll("scale_organization o", own)}`);
      }),
    ),
  );
  await bulk?.end(clients);
  await client.query("UPDATE member SET user_id = $1 WHERE user_id = 'scale|0|1'", [ownerId]);
  for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  await inTurns(
    clients,
    tables.map((table) => async (each) => void (await each.query(`VACUUM ANALYZE ${table}`))),
  );
  const { rows } = await client.query<Filled>(
    `SELECT o.id AS "organizationId", ${idOf("w", "1")} AS "workspaceId", ${idOf("m", "(o.size / 2)")} AS "memberId", o.events
     FROM scale_organization o WHERE k = 0`,
  );
  return rows[0] as Filled;
}

/** Numbers the organizations, and creates this month's part of the ledger. */
async function begin(client: Client, { largest, middles, middle, smalls }: Shape): Promise<void> {
  await client.query(`
    CREATE UNLOGGED TABLE scale_organization AS
    SELECT k, md5('o' || k)::uuid AS id, now() - interval '1 year' AS since,
      CASE WHEN k = 0 THEN ${largest} WHEN k <= ${middles} THEN ${middle} ELSE 1 END AS size,
      CASE WHEN k = 0 THEN ${2 * largest} WHEN k <= ${middles} THEN ${middle} / 2 ELSE 3 END AS events
    FROM generate_series(0, ${middles + smalls}) k`);
  const month = new Date().toISOString().slice(0, 7);
  const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 10);
  const partition = `usage_ledger_${month.replace("-", "_")}`;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${partition} PARTITION OF usage_ledger FOR VALUES FROM ('${month}-01') TO ('${next}')`,
  );
}
