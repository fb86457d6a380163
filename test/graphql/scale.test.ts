import { Client } from "pg";
import type { Statement } from "../../src/store/engine/statement";
import { wrongCounters } from "../../src/store/recount";
import { fillDatabase } from "../support/scale/fill-database";
import { recordStatements, type Work, workOf } from "../support/scale/plans";
import { type ScaleRequest, scaleRequests } from "../support/scale/requests";
import { type Ask, RunningService } from "../support/service";
import { withoutBackgroundStatements } from "../support/without-background-statements";

// The short form of `npm run bench -- scale`: two databases that differ in the number of one organization's members.
const SIZES = [1_000, 6_000];

const OTHERS = { middles: 0, middle: 0, smalls: 200 };

// With only two hundred organizations, scanning these tables is as fast as an index.
const FEW_ROWS = new Set([
  "organization",
  "organization_subscription",
  "organization_count",
  "workspace",
  "workspace_count",
]);

interface Sized {
  service: RunningService;
  client: Client;
  requests: Record<string, ScaleRequest>;
  ask: Record<ScaleRequest["who"], Ask>;
}

const sized: Sized[] = [];
beforeAll(async () => {
  withoutBackgroundStatements();
  for (const members of SIZES) {
    const service = await RunningService.start({}, { jobs: false });
    const owner = await service.person("Olga");
    await owner.ask("{ viewer { id } }");
    const client = new Client({ connectionString: service.databaseUrl });
    await client.connect();
    const requests = scaleRequests(await fillDatabase(service.databaseUrl, owner.id, { ...OTHERS, largest: members }));
    const ask = { owner: owner.ask, meter: await service.service("usage:write") };
    sized.push({ service, client, requests, ask });
  }
});
afterAll(async () => {
  for (const { client, service } of sized) {
    await client.end();
    await service.stop();
  }
});

/** The statements of a request, and the rows that they read. */
async function workFor({ client, requests, ask }: Sized, name: string): Promise<Work & { statements: number }> {
  const { query, variables, who } = requests[name] as ScaleRequest;
  const send = async () => {
    const { data, errors } = await ask[who](query, variables?.());
    expect({ name, errors }).toEqual({ name });
    expect(JSON.stringify(data)).not.toContain('"Refusal"');
  };
  const sent = await recordStatements(send);
  return { statements: sent.length, ...(await workOf(client, sent)) };
}

test("the generator's counters are those of a recount", async () => {
  for (const { client } of sized) {
    const { rows } = await client.query<{ id: string }>("SELECT id FROM organization");
    const reader = {
      rows: async ({ text }: Statement, values: readonly unknown[]) => (await client.query(text, [...values])).rows,
    };
    expect(
      await wrongCounters(
        reader,
        rows.map(({ id }) => id),
      ),
    ).toEqual([]);
  }
});

const names = Object.keys(scaleRequests({ organizationId: "", workspaceId: "", memberId: "", events: 0 }));
// test/store/member-search.test.ts tests the rows that searches read, for all orders and texts.
test.each(names.filter((name) => !name.startsWith("search")))(
  "%s: a large organization needs the same statements, uses indexes only, and reads no more rows",
  async (name) => {
    const [small, large] = [await workFor(sized[0] as Sized, name), await workFor(sized[1] as Sized, name)];
    expect(large.statements).toBe(small.statements);
    expect(large.scanned.filter((table) => !FEW_ROWS.has(table))).toEqual([]);
    expect(large.rows).toBeLessThanOrEqual(1.1 * small.rows + 5);
  },
);
