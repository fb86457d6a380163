import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../src/development/postgres/start-postgres";
import { migrate } from "../src/store/engine/migrate";
import { writeEventCursor } from "../src/store/events/event-cursor";
import type { AwsStandIn } from "../test/support/aws-stand-in";
import { type Filled, fillDatabase, type Shape, shapeOf } from "../test/support/scale/fill-database";
import { recordStatements, workOf } from "../test/support/scale/plans";
import { type ScaleRequest, scaleRequests } from "../test/support/scale/requests";
import { median, printHead, printRow } from "./support/measure";
import { BenchedService } from "./support/service";

const DEFAULT_SIZES = [1_000, 100_000, 10_000_000];
const ROUNDS = 15;
const RESUMED_EVENTS = 20;
// Commits do not wait for the disk, at any size: filling is faster, and the ratios are those of the work itself.
const SETTINGS = {
  ...{ fsync: "off", synchronous_commit: "off", full_page_writes: "off", wal_level: "minimal", max_wal_senders: "0" },
  ...{ max_wal_size: "8GB", shared_buffers: "1GB", autovacuum: "off" },
};

/** A service on a filled database. */
interface Sized {
  members: number;
  directory: string;
  postgres: EmbeddedPostgres;
  service: BenchedService;
  client: Client;
  filled: Filled;
  requests: Record<string, ScaleRequest>;
}

/**
 * `npm run bench -- scale 1000 100000`: the same requests at several sizes, each on a database of its own, in turns. For
 * each size it prints the median time, its ratio to the first size, the number of statements, the rows that their plans
 * read, and the growing tables that a plan reads whole.
 */
export async function benchScale(aws: AwsStandIn, sizes: readonly number[]): Promise<void> {
  await atEachSize(aws, sizes.length > 0 ? sizes : DEFAULT_SIZES, shapeOf, async (all) => {
    for (const name of Object.keys(all[0]?.requests ?? {})) await compare(name, all);
    await compareTimes("live resume", all, resume);
    await compareSizes(all);
  });
}

/**
 * `npm run bench -- search 1000 1000000`: searches for members of one organization, with this number of members and
 * almost nothing beside it.
 */
export async function benchSearch(aws: AwsStandIn, sizes: readonly number[]): Promise<void> {
  const alone = (largest: number) => ({ largest, middles: 0, middle: 0, smalls: 200 });
  await atEachSize(aws, sizes, alone, async (all) => {
    const names = Object.keys(all[0]?.requests ?? {}).filter((name) => name.startsWith("search"));
    for (const name of names) await compare(name, all);
  });
}

async function atEachSize(
  aws: AwsStandIn,
  sizes: readonly number[],
  shape: (members: number) => Shape,
  measure: (all: readonly Sized[]) => Promise<void>,
): Promise<void> {
  const all: Sized[] = [];
  try {
    for (const members of sizes) all.push(await fill(aws, members, shape(members)));
    printHead("request", "members", "p50 ms", "ratio", "SQL", "rows read", "not by index");
    await measure(all);
  } finally {
    for (const { client, service, postgres, directory } of all) {
      await client.end();
      await service.stop();
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

async function fill(aws: AwsStandIn, members: number, shape: Shape): Promise<Sized> {
  const startedAt = performance.now();
  const directory = mkdtempSync(path.join(os.tmpdir(), "organizations-bench-"));
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    ...{ directory: path.join(directory, "postgres"), settings: SETTINGS, report: () => undefined },
  });
  await migrate(postgres.url);
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  // The service starts afterwards, because it would read the large tables without their indexes.
  await client.query(
    `INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
     VALUES ('owner', 'owner', 'owner@example.com', true, now(), now())`,
  );
  const filled = await fillDatabase(postgres.url, "owner", shape);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`${members} members, ${shape.largest} of them in one organization: ${seconds} s\n`);
  const service = await BenchedService.start(aws, { DATABASE_URL: postgres.url });
  return { members, directory, postgres, service, client, filled, requests: scaleRequests(filled) };
}

function send({ service, requests }: Sized, name: string): Promise<unknown> {
  const { query, variables, who } = requests[name] as ScaleRequest;
  return service.ask(query, who, variables?.());
}

async function compare(name: string, all: readonly Sized[]): Promise<void> {
  const works: Array<Array<string | number>> = [];
  for (const sized of all) {
    await send(sized, name);
    const sent = await recordStatements(() => send(sized, name));
    const { rows, scanned } = await workOf(sized.client, sent);
    works.push([sent.length, rows, [...new Set(scanned)].join(", ") || "–"]);
  }
  await compareTimes(name, all, (sized) => send(sized, name), works);
}

async function compareTimes(
  name: string,
  all: readonly Sized[],
  work: (sized: Sized) => Promise<unknown>,
  works: ReadonlyArray<Array<string | number>> = [],
): Promise<void> {
  const times = all.map((): number[] => []);
  for (let round = -2; round < ROUNDS; round++) {
    for (const [index, sized] of all.entries()) {
      const startedAt = performance.now();
      await work(sized);
      if (round >= 0) times[index]?.push(performance.now() - startedAt);
    }
  }
  const medians = times.map(median);
  for (const [index, { members }] of all.entries()) {
    const [first = 0, own = 0] = [medians[0], medians[index]];
    printRow(name, members, own, own / first, ...(works[index] ?? ["–", "–", "–"]));
  }
}

/** Subscribes after a cursor a few events back, and waits for all of those events. */
async function resume({ service, filled }: Sized): Promise<void> {
  const { organizationId } = filled;
  const rows = await service.sql<{ head: number }>(
    "SELECT event_sequence AS head FROM organization WHERE id = $1",
    organizationId,
  );
  const after = writeEventCursor(organizationId, (rows[0]?.head ?? 0) - RESUMED_EVENTS);
  const query = `subscription { membershipChanged(organizationId: "${organizationId}", after: "${after}") { cursor } }`;
  const ended = new AbortController();
  const { headers, body, port } = service.target(query);
  const response = await fetch(`http://127.0.0.1:${port}/graphql/stream`, {
    ...{ method: "POST", body, signal: ended.signal },
    headers: { ...headers, accept: "text/event-stream" },
  });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes("event: next")) break;
  }
  ended.abort();
}

async function compareSizes(all: readonly Sized[]): Promise<void> {
  printHead("database", "members", "MB", "bytes per member");
  for (const { members, client } of all) {
    const { rows } = await client.query("SELECT pg_database_size(current_database())::float8 AS bytes");
    printRow("size", members, Math.round(rows[0].bytes / 1e6), Math.round(rows[0].bytes / members));
  }
}
