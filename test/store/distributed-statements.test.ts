import { randomUUID } from "node:crypto";
import { MemberOrder } from "../../src/domain/member-order";
import { monthsOfReceipt } from "../../src/domain/usage";
import type { Database } from "../../src/store/engine/database";
import { groupBy } from "../../src/store/engine/group-by";
import { openDatabase } from "../../src/store/engine/open-database";
import { asTransaction } from "../../src/store/engine/single-statement";
import { assertKnown, type Epochs } from "../../src/store/events/epochs";
import { deleteOldFormerMembers } from "../../src/store/former-member";
import { ITEM_LISTS, LISTS, MEMBER_LISTS, type SortKey } from "../../src/store/lists";
import { deleteOldUsage } from "../../src/store/retained";
import { insertUsage } from "../../src/store/usage";
import { ensureUsagePartitions } from "../../src/store/usage-partitions";
import { accessReviewItemPages } from "../../src/store/views/access-review-items";
import { memberPages, memberTotals } from "../../src/store/views/member-pages";
import { OpenReview } from "../support/access-review";
import { type Actor, type TestOrganization, World } from "../support/world";

// Statements that have a form of their own for a distributed database. One server runs both forms.

const DAY_MS = 86_400_000;
const BATCH = 5_000;

let world: World;
let nodes: Database;
let organizations: TestOrganization[];
/** A member of the first organization. */
let viewer: Actor | undefined;
beforeAll(async () => {
  world = await World.create();
  nodes = await openDatabase(world.databaseUrl, { connections: 2, lanes: 0, isDistributed: true });
  organizations = [await world.organization(), await world.organization()];
  for (const organization of organizations) {
    for (const role of ["ADMIN", "DEVELOPER", "DEVELOPER"] as const) await organization.member(role);
  }
  [viewer] = await Promise.all(organizations.map((organization) => organization.member("VIEWER")));
});
afterAll(async () => {
  await nodes.close();
  await world.close();
});

/** The rows of each parent in their order. The parents have none. */
const perParent = <Row extends object>(rows: readonly Row[], parent: keyof Row) =>
  Object.fromEntries(groupBy(rows, (row) => String(row[parent])));

const everything = () => ({ userId: null, all: true, now: world.clock.now() });
const ids = () => organizations.map(({ id }) => id);

const ROLES = [["OWNER"], ["VIEWER", "DEVELOPER"], ["DEVELOPER", "DEVELOPER"], []] as const;
const FILTERS = [
  ...ROLES.map((roles) => ({ roles, search: null })),
  ...[...ROLES, null].map((roles) => ({ roles, search: "person 4" })),
  { roles: null, search: "example" },
];

test.each(Object.values(MemberOrder))("members %s by role and by search, on pages of two", async (order) => {
  let found = 0;
  for (const filter of FILTERS) {
    for (let after: SortKey | null = null, isMore = true; isMore; ) {
      const read = (database: Database) =>
        memberPages(database, everything(), ids(), filter, order, { limit: 2, after });
      const page = await read(world.database);
      expect(perParent(await read(nodes), "organizationId")).toEqual(perParent(page, "organizationId"));
      found += page.length;
      const last = page.at(1);
      isMore = page.length > 2 && last !== undefined;
      if (last) after = LISTS[MEMBER_LISTS[order]].keyOf(last);
    }
    const totals = (database: Database) => memberTotals(database, ids(), filter);
    expect(perParent(await totals(nodes), "parentId")).toEqual(perParent(await totals(world.database), "parentId"));
  }
  expect(found).toBeGreaterThan(20);
});

test("items of several reviews in both orders, visible ones only", async () => {
  const reviews = await Promise.all(organizations.map((organization) => OpenReview.start(organization)));
  const [acme] = organizations;
  if (!acme) throw new Error("There is no organization.");
  if (viewer) await reviews[0]?.decide(acme.owner, viewer, { decision: "KEEP" });
  const reviewIds = reviews.map(({ id }) => id);
  for (const order of ["JOINED", "FINDINGS"] as const) await compareItems(order, reviewIds, acme.owner.id);
});

/** Compares pages of the items of two reviews, of which the viewer sees the first. */
async function compareItems(order: "JOINED" | "FINDINGS", reviewIds: string[], viewerId: string): Promise<void> {
  const read = (database: Database, userId: string | null, undecided: boolean, after: SortKey | null) =>
    accessReviewItemPages(
      ...[database, { userId, all: userId === null }, reviewIds, { undecided, order }, { limit: 3, after }],
    );
  const pages = async (...request: Parameters<typeof read>) => perParent(await read(...request), "reviewId");
  for (const undecided of [true, false]) {
    const first = await read(world.database, null, undecided, null);
    expect(first).toHaveLength(8);
    expect(await pages(nodes, null, undecided, null)).toEqual(perParent(first, "reviewId"));
    const after = first[1] ? LISTS[ITEM_LISTS[order]].keyOf(first[1]) : null;
    expect(await pages(nodes, null, undecided, after)).toEqual(await pages(world.database, null, undecided, after));
    const own = await read(nodes, viewerId, undecided, null);
    expect(new Set(own.map(({ reviewId }) => reviewId))).toEqual(new Set(reviewIds.slice(0, 1)));
  }
}

describe("Usage", () => {
  /** What calls return for an organization and its workspace, and what they leave in its tables. */
  async function record(database: Database, { id }: TestOrganization) {
    const [workspace] = await world.query<{ id: string }>("SELECT id FROM workspace WHERE organization_id = $1", id);
    const now = world.clock.now();
    const call = (n: number, ago = 0, byok = false) => ({
      ...{ id: `call ${n}`, workspaceId: workspace?.id ?? "", credits: n, byok },
      at: new Date(now.getTime() - ago),
    });
    const lost = { ...call(9), workspaceId: randomUUID() };
    const later = new Date(now.getTime() + 31 * DAY_MS);
    await ensureUsagePartitions(database, [now, later].flatMap(monthsOfReceipt));
    const send = async (records: Parameters<typeof insertUsage>[1], at = now) => {
      const { spendingOrganizations, ...result } = await insertUsage(asTransaction(database), records, at);
      return { ...result, spending: spendingOrganizations.includes(id) };
    };
    const results = [
      await send([call(1), call(1), call(2, 3_600_000, true), lost]),
      await send([call(1), call(3)]),
      await send([call(2), call(3), call(4)], later),
      await send([lost]),
    ];
    const left = (table: string, columns: string) =>
      world.query(`SELECT ${columns} FROM ${table} WHERE organization_id = $1 ORDER BY ${columns}`, id);
    return {
      results,
      ledger: await left("usage_ledger", "id, month, at, credits, byok"),
      hours: await left("usage_hour", "hour, credits, calls, byok_calls"),
      days: await left("usage_day", "day, credits"),
    };
  }

  test("counts each call once per organization, also in a later month, and not without a workspace", async () => {
    const [one, other] = organizations;
    if (!one || !other) throw new Error("There is no organization.");
    const recorded = await record(nodes, one);
    expect(recorded).toEqual(await record(world.database, other));
    expect(recorded.results).toEqual([
      { recorded: 2, unknownWorkspaces: [3], spending: true },
      { recorded: 1, unknownWorkspaces: [], spending: true },
      { recorded: 1, unknownWorkspaces: [], spending: true },
      { recorded: 0, unknownWorkspaces: [0], spending: false },
    ]);
  });

  test("of the organizations before a day is removed, in batches", async () => {
    const [one, other] = organizations;
    const day = new Date("2020-01-02T00:00:00Z");
    for (const id of ids()) {
      await world.query(
        `INSERT INTO usage_hour SELECT $1, $2::timestamptz - n * interval '1 hour', $1, 1, 1, 0
         FROM generate_series(0, $3::int) n`,
        ...[id, day, BATCH + 1],
      );
      await world.query("INSERT INTO usage_day VALUES ($1, '2020-01-01', $2, 1), ($1, '2020-01-02', $2, 1)", id, day);
      await world.query(
        "INSERT INTO credit_alert VALUES ($1, $2::timestamptz - interval '1 ms', 80), ($1, $2, 80)",
        id,
        day,
      );
    }
    const batches: number[] = [];
    const rows: Database["rows"] = async (statement, values) => {
      const deleted = await nodes.rows<never>(statement, values);
      batches.push(deleted.length);
      return deleted;
    };
    await deleteOldUsage({ rows }, day, [one?.id ?? ""]);
    expect(batches).toEqual([BATCH, 1, 1, 1]);
    const old = (table: string, column: string) =>
      world.query(`SELECT DISTINCT organization_id AS id FROM ${table} WHERE ${column} < '2020-01-02'`);
    for (const [table, column] of Object.entries({
      usage_hour: "hour",
      usage_day: "day",
      credit_alert: "period_start",
    })) {
      expect(await old(table, column)).toEqual([{ id: other?.id }]);
      const kept = `SELECT count(*)::int AS n FROM ${table} WHERE ${column} = '2020-01-02'`;
      expect(await world.query(kept)).toEqual([{ n: 2 }]);
    }
  });
});

test("former members are removed at a millisecond", async () => {
  const [{ id } = { id: "" }] = organizations;
  const at = new Date("2020-01-02T00:00:00.001Z");
  await world.query(
    `INSERT INTO former_member SELECT (jsonb_populate_record(NULL::former_member, jsonb_build_object(
       'id', gen_random_uuid(), 'organization_id', $1::uuid, 'user_id', m.user_id, 'role', 'VIEWER', 'joined_at', $2::timestamptz,
       'ended_at', $2::timestamptz + n * interval '1 ms', 'has_left', true, 'grants', '[]'::jsonb))).*
     FROM (SELECT user_id FROM member WHERE organization_id = $1 LIMIT 1) m, generate_series(-1, 1) n`,
    ...[id, at],
  );
  await deleteOldFormerMembers(nodes, at);
  const left = await world.query<{ endedAt: Date }>('SELECT ended_at AS "endedAt" FROM former_member');
  expect(left).toEqual([{ endedAt: new Date(at.getTime() + 1) }]);
});

test("an event that is missing, or that the backup lacks, is lost", async () => {
  const [acme] = ids();
  const [end] = await world.query<{ last: string }>("SELECT max(feed_position) AS last FROM organization_event");
  const last = Number(end?.last);
  const epochs = (lastPosition: number) => ({ lastPositionOf: () => lastPosition }) as unknown as Epochs;
  const seen: Array<[[string, number], number, boolean]> = [
    [[acme ?? "", 1], last, true],
    [[acme ?? "", 1], 0, false],
    [[acme ?? "", 9_999], last, false],
    [[randomUUID(), 1], last, false],
    [[randomUUID(), 0], last, true],
  ];
  for (const database of [nodes, world.database]) {
    for (const [event, lastPosition, isKnown] of seen) {
      const known = assertKnown(database, epochs(lastPosition), "epoch", [[randomUUID(), 0], event]).then(() => true);
      expect(await known.catch(() => false)).toBe(isKnown);
    }
  }
});
