import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../src/development/postgres/start-postgres";
import { createDataSource } from "../src/store/engine/data-source";
import { migrate } from "../src/store/engine/migrate";
import type { AwsStandIn } from "../test/support/aws-stand-in";
import { INCONSISTENT, undoMigrationsSince } from "../test/support/earlier-replica";
import { fillDatabase } from "../test/support/scale/fill-database";
import { EarlierLoad } from "./support/earlier-load";
import { LockWatch, type Phase } from "./support/lock-watch";
import { printHead, printRow } from "./support/measure";

const ORGANIZATIONS = 100_000;
const LIMIT_MS = 1_000;
/** The first of the migrations that run under load. */
const FIRST = 1796100000000;
const ALONE_MS = 10_000;
const STATEMENT_MS = 1_800_000;
/** Beside organizations with one member. No migration changes the tables of usage. */
const LARGER = { largest: 20_000, middles: 100, middle: 200, without: ["usage_hour", "usage_day"] };

/**
 * `npm run bench -- migrations 100000`: runs the newer migrations on a database with this many organizations, as
 * `npm run migrate` does, while replicas of the version before read and write. Prints what they met during each
 * migration, and before all. Fails if a statement failed, or waited for a lock for more than a second.
 */
export async function benchMigrations(_aws: AwsStandIn, [organizations = ORGANIZATIONS]: readonly number[]) {
  const directory = mkdtempSync(path.join(os.tmpdir(), "organizations-bench-"));
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    directory: path.join(directory, "postgres"),
    report: () => undefined,
  });
  try {
    await fill(postgres.url, organizations);
    const phases = await migrateUnderLoad(postgres.url, organizations);
    print(phases);
    await assertConsistent(postgres.url);
    assertWithinLimits(phases.slice(1));
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function migrateUnderLoad(url: string, organizations: number): Promise<Phase[]> {
  const watch = new LockWatch();
  const load = new EarlierLoad(url, organizations, watch);
  load.start();
  await watch.during(url, setTimeout(ALONE_MS));
  watch.end("none");
  await watch.during(url, migrate(url));
  watch.end("what each start does");
  await load.stop();
  return watch.phases;
}

function print(phases: readonly Phase[]): void {
  const longest = ["lock", "write", "read", "request"] as const;
  printHead("migration", "s", ...longest.map((kind) => `longest ${kind}, ms`), "statements", "failed", "waited for");
  for (const { name, milliseconds, statements, failures, blockedBy, ...phase } of phases) {
    const times = longest.map((kind) => Math.round(phase.longest[kind]));
    printRow(name, milliseconds / 1_000, ...times, statements, failures.length, blockedBy || "–");
  }
}

function assertWithinLimits(phases: readonly Phase[]): void {
  const failures = phases.flatMap((phase) => phase.failures);
  if (failures.length > 0) throw new Error(`Requests failed: ${[...new Set(failures)].join("; ")}`);
  const longest = Math.max(...phases.map((phase) => phase.longest.lock));
  if (longest > LIMIT_MS) throw new Error(`A statement waited ${Math.round(longest)} ms for a lock.`);
}

async function assertConsistent(url: string): Promise<void> {
  const { rows } = await withClient(url, (client) => client.query(INCONSISTENT));
  if (rows.length > 0) throw new Error(`${rows.length} rows are inconsistent, such as ${JSON.stringify(rows[0])}.`);
}

/** Leaves the database as the version before has it. */
async function fill(url: string, organizations: number): Promise<void> {
  const startedAt = performance.now();
  await migrate(url);
  await withClient(url, async (client) => {
    const smalls = Math.max(0, organizations - 1 - LARGER.middles);
    await fillDatabase(url, "scale|0|1", { ...LARGER, smalls });
    const dataSource = await createDataSource(url, 1, { statementMs: STATEMENT_MS }).initialize();
    await undoMigrationsSince(dataSource, FIRST);
    await dataSource.destroy();
    const triggers = (verb: string) => COUNTED.map((table) => `ALTER TABLE ${table} ${verb} TRIGGER USER`);
    const statements = [...triggers("DISABLE"), ...OLDER_ROWS, ...triggers("ENABLE")];
    for (const statement of statements) await client.query(statement);
    await client.query("VACUUM ANALYZE");
    const { rows } = await client.query("SELECT pg_database_size(current_database())::float8 / 1e6 AS mb");
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    process.stdout.write(`${organizations} organizations, ${Math.round(rows[0].mb)} MB: ${seconds} s\n`);
  });
}

async function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return await work(client).finally(() => client.end());
}

/** Their rows are counted by triggers, which take hours for this many at once. Nothing here reads the counters. */
const COUNTED = ["invitation", "workspace_assignment"];

// What `fillDatabase` gives to few organizations or to none: an invitation with a link, a link that was replaced, a
// customer, a personal organization and, in one of a hundred, a review.
const OLDER_ROWS = [
  "CREATE TABLE usage_ledger_2026_01 PARTITION OF usage_ledger FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
  `INSERT INTO invitation
     (id, organization_id, email, role, status, delivery, created_at, queued_at, send_number, last_sent_at, expires_at)
   SELECT md5('old' || k)::uuid, id, 'old.' || k || '@example.com', 'VIEWER', 'PENDING', 'SENT', now(), now(), 1, now(),
     now() + interval '7 days' FROM scale_organization`,
  `INSERT INTO invitation_workspace (invitation_id, workspace_id)
   SELECT md5('old' || k)::uuid, md5('w' || k || ':1')::uuid FROM scale_organization`,
  `INSERT INTO invitation_token (token_hash, invitation_id)
   SELECT sha256(convert_to('old link ' || k, 'UTF8')), md5('old' || k)::uuid FROM scale_organization`,
  `INSERT INTO dead_link (token_hash, organization_id, invitation_id)
   SELECT sha256(convert_to('dead link ' || k, 'UTF8')), id, md5('old' || k)::uuid FROM scale_organization`,
  `INSERT INTO workspace_assignment (organization_id, workspace_id, member_id)
   SELECT id, md5('w' || k || ':1')::uuid, md5('m' || k || ':1')::uuid FROM scale_organization ON CONFLICT DO NOTHING`,
  "UPDATE organization o SET personal_for_id = 'scale|' || k || '|1' FROM scale_organization s WHERE s.id = o.id",
  "UPDATE workspace SET name_looks = name_key",
  "UPDATE organization_subscription SET provider_customer_id = 'cus_' || organization_id",
  `INSERT INTO access_review (organization_id, id, name, status, started_at, due_at, item_count, decided_count, reminders)
   SELECT id, md5('r' || k)::uuid, 'Review', 'OPEN', now(), now() + interval '7 days', size, 0, 0
   FROM scale_organization WHERE k % 100 = 0`,
  `INSERT INTO access_review_item
     (organization_id, review_id, position, id, member_id, user_id, user_name, role, grants, joined_at)
   SELECT o.id, md5('r' || k)::uuid, n, gen_random_uuid(), md5('m' || k || ':' || n)::uuid, 'scale|' || k || '|' || n, 'U',
     'VIEWER', '[]', now() FROM scale_organization o, generate_series(1, size) n WHERE k % 100 = 0`,
];
