import { randomUUID } from "node:crypto";
import { Pool } from "pg";
import { type Floor, record } from "./support/floor";
import { type Load, type Measured, median, medians, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";

const ROUNDS = 5;
const BATCHES = 48;
const BATCH = 500;
const ORGANIZATIONS = 100;
const CONNECTIONS = 16;
const DAYS = 90;
const WORKSPACES = 10;
const TRENDS = 400;
const [FEW, MANY] = [5_000, Number(process.env.BENCH_USAGE_RECORDS ?? 5_000_000)];
const HOUR_MS = 3_600_000;
const LATELY_MS = 5 * 60 * 1000;

const RECORD_USAGE = `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) {
  ... on RecordUsageSuccess { recorded duplicates rejected { id } } } }`;

interface Call {
  id: string;
  workspaceId: string;
  at: string;
  credits: number;
}

/** Compares metering with bare inserts of the same batches, and trends over many and few records. */
export async function benchUsage(service: BenchedService, _floor: Floor, load: Load): Promise<void> {
  await benchRecording(service, load);
  await benchTrend(service, load);
}

async function benchRecording(service: BenchedService, load: Load): Promise<void> {
  const workspaces: string[] = [];
  while (workspaces.length < ORGANIZATIONS) workspaces.push(await workspaceOf(service, await service.organization()));
  const bare = await BareInserts.open(service);
  printHead(`recordUsage, batches of ${BATCH}`, "records/s", "p50 ms", "p99 ms", "floor/s", "ratio");
  for (const [name, among] of [
    ["one organization", workspaces.slice(0, 1)],
    [`${ORGANIZATIONS} organizations`, workspaces],
  ] as const) {
    const target = service.target("", { who: "meter" });
    const rounds: Array<{ perSecond: number; p50: number; p99: number; floor: number }> = [];
    for (let round = -1; round < ROUNDS; round++) {
      const bodies = batches(among).map((records) => JSON.stringify({ query: RECORD_USAGE, variables: { records } }));
      const mine = await load.run(target, { bodies });
      const floor = await bare.perSecond(batches(among));
      if (round >= 0) rounds.push({ ...mine, perSecond: mine.perSecond * BATCH, floor });
    }
    const of = (key: "perSecond" | "p50" | "p99" | "floor") => median(rounds.map((round) => round[key]));
    const ratio = median(rounds.map(({ perSecond, floor }) => perSecond / floor));
    printRow(name, of("perSecond"), of("p50"), of("p99"), of("floor"), ratio);
  }
  await bare.close();
}

function batches(workspaces: readonly string[]): Call[][] {
  return Array.from({ length: BATCHES }, () => Array.from({ length: BATCH }, (_, n) => call(workspaces, n)));
}

function call(workspaces: readonly string[], n: number): Call {
  const at = new Date(Date.now() - Math.random() * LATELY_MS).toISOString();
  const workspaceId = workspaces[n % workspaces.length] ?? "";
  return { id: randomUUID(), workspaceId, at, credits: Math.round(Math.random() * 1_000) / 1_000 };
}

/** The floor: each batch as one multi-row INSERT with `pg` only, into a table of the same columns. */
class BareInserts {
  private constructor(private readonly pool: Pool) {}

  static async open(service: BenchedService): Promise<BareInserts> {
    await service.sql(`CREATE TABLE floor_usage (id uuid PRIMARY KEY, organization_id uuid NOT NULL,
      workspace_id uuid NOT NULL, at timestamptz(3) NOT NULL, credits numeric(24, 9) NOT NULL, byok boolean NOT NULL)`);
    return new BareInserts(new Pool({ connectionString: service.databaseUrl, max: 10 }));
  }

  async perSecond(given: readonly Call[][]): Promise<number> {
    const text = `INSERT INTO floor_usage (id, organization_id, workspace_id, at, credits, byok) VALUES ${Array.from(
      { length: BATCH },
      (_, n) => `(${[1, 2, 3, 4, 5, 6].map((i) => `$${n * 6 + i}`)})`,
    )} ON CONFLICT DO NOTHING`;
    const queue = [...given];
    const startedAt = performance.now();
    const sender = async () => {
      for (let records = queue.pop(); records; records = queue.pop()) {
        const values = records.flatMap(({ id, workspaceId, at, credits }) => [
          ...[id, workspaceId, workspaceId, at],
          ...[credits, false],
        ]);
        await this.pool.query({ name: "floor-usage", text, values });
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, sender));
    return (given.length * BATCH * 1_000) / (performance.now() - startedAt);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

async function benchTrend(service: BenchedService, load: Load): Promise<void> {
  const [little, much] = [await service.organization(), await service.organization()];
  await fill(service, little, FEW);
  await fill(service, much, MANY);
  await service.sql("ANALYZE");
  printHead(`${DAYS} days`, "p50 ms", "p99 ms", "SQL", "times the time of little");
  for (const [field, query] of Object.entries({ trend, trendByWorkspace })) {
    const of = { little: query(little), much: query(much) };
    const rounds = { little: [] as Measured[], much: [] as Measured[] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const which of ["little", "much"] as const) {
        const target = service.target(of[which]);
        rounds[which].push(await load.run(target, { bodies: Array.from({ length: TRENDS }, () => target.body) }));
      }
    }
    const [few, many] = [medians(rounds.little), medians(rounds.much)];
    const statements = async (text: string) => (await record(() => service.ask(text))).length;
    printRow(`${field}, ${FEW} records`, few.p50, few.p99, await statements(of.little), 1);
    printRow(`${field}, ${MANY} records`, many.p50, many.p99, await statements(of.much), many.p50 / few.p50);
  }
}

function trend(organizationId: string): string {
  return usageOf(organizationId, (span) => `trend(${span}) { at credits byokCalls calls }`);
}

function trendByWorkspace(organizationId: string): string {
  return usageOf(organizationId, (span) => `trendByWorkspace(${span}) { kind workspace { id } points { at credits } }`);
}

function usageOf(organizationId: string, field: (span: string) => string): string {
  const [from, to] = [new Date(Date.now() - (DAYS - 1) * 24 * HOUR_MS), new Date()];
  const span = `from: "${from.toISOString()}", to: "${to.toISOString()}"`;
  return `{ organization(id: "${organizationId}") { subscription { usage { ${field(span)} } } } }`;
}

/** Fills in records over ninety days and ten workspaces, and their sums. */
async function fill(service: BenchedService, organizationId: string, count: number): Promise<void> {
  await service.sql(
    `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'W' || n, 'w' || n, 'AWS', false, now(), now() FROM generate_series(2, $2::int) n`,
    organizationId,
    WORKSPACES,
  );
  await service.sql(
    `INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
     SELECT gen_random_uuid(), date_trunc('month', now() AT TIME ZONE 'UTC'), $1::uuid, w.ids[1 + n % $2::int],
       now() - random() * interval '${DAYS} days', 0.25, n % 10 = 0
     FROM generate_series(1, $3::int) n,
       (SELECT array_agg(id) AS ids FROM workspace WHERE organization_id = $1::uuid) w`,
    organizationId,
    WORKSPACES,
    count,
  );
  await service.sql(
    `INSERT INTO usage_hour (organization_id, scope_id, hour, credits, calls, byok_calls)
     SELECT organization_id, coalesce(workspace_id, organization_id), date_trunc('hour', at, 'UTC') AS hour,
       sum(credits), count(*), count(*) FILTER (WHERE byok)
     FROM usage_ledger WHERE organization_id = $1
     GROUP BY GROUPING SETS ((organization_id, workspace_id, 3), (organization_id, 3))`,
    organizationId,
  );
}

async function workspaceOf(service: BenchedService, organizationId: string): Promise<string> {
  const rows = await service.sql<{ id: string }>("SELECT id FROM workspace WHERE organization_id = $1", organizationId);
  return rows[0]?.id ?? "";
}
