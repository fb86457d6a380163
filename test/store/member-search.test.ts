import { MemberOrder } from "../../src/domain/member-order";
import { OrganizationRole } from "../../src/domain/role";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { memberPages, memberTotals } from "../../src/store/views/member-pages";
import { Random } from "../support/random";
import { SearchedMembers } from "../support/searched-members";

// The rows of members that a search reads, counted by PostgreSQL within the transaction.
const [SMALL, LARGE] = [1_000, 8_000];
const ORDERS = Object.values(MemberOrder);
const OF_NOBODY = { userId: "nobody", all: false };

let members: SearchedMembers;
let small: string;
let large: string;
beforeAll(async () => {
  members = await SearchedMembers.open();
  small = await members.organization(SMALL, "s");
  large = await members.organization(LARGE, "l");
  await members.client.query("ANALYZE");
});
afterAll(() => members.close());

const NEEDLES: Array<[string, string]> = [
  ["nobody", "wwwwww"],
  ["nobody, by three frequent parts", "abc zz"],
  ["one member", "zyx"],
  ["most", "a"],
  ["one character of nobody", "ж"],
  ["two characters of nobody", "qx"],
  ["two characters of one member", "zy"],
];

test.each(ORDERS.flatMap((order) => NEEDLES.map(([what, text]) => [order, what, text] as const)))(
  "by %s, a search that finds %s reads the same number of rows among 8,000 members as among 1,000",
  async (order, _, text) => {
    const [few, many] = [await members.search(small, text, order), await members.search(large, text, order)];
    expect(many.ids).toHaveLength(few.ids.length);
    expect(many.read).toBeLessThanOrEqual(few.read * 1.5);
    expect(many.read).toBeLessThanOrEqual(SMALL + 250);
  },
);

describe.each(ORDERS)("by %s, a search that finds one in a hundred", (order) => {
  test("reads all hits if they are few", async () => {
    const { ids, read } = await members.search(large, "quentin", order);
    expect(ids).toEqual((await members.scan(large, "quentin", order)).slice(0, 51));
    // A walk looks up its hits again.
    expect(read).toBeLessThanOrEqual(1_000 + 2 * (LARGE / 100));
    expect((await members.search(large, "QUENTIN ", order, { limit: 100 })).ids).toHaveLength(LARGE / 100);
  });

  test("reads the members in order if there are many, and stops when the page is full", async () => {
    const all = await members.scan(large, "quentin", order);
    await members.asIfLarge(large, async () => {
      const { ids, read } = await members.search(large, "quentin", order);
      expect(ids).toEqual(all.slice(0, 51));
      // 5,100 members have 51 hits; by name and by last use, slightly more or fewer.
      expect(read).toBeGreaterThan(4_000);
      expect(read).toBeLessThan(6_500);
      // The list ends before the page is full.
      const whole = await members.search(large, "quentin", order, { limit: 100 });
      expect(whole.ids).toEqual(all);
      expect(whole.read).toBeLessThan(LARGE + 250);
    });
  });

  test("reads hardly more than the first walk for a page that is nearly full", async () => {
    await members.asIfLarge(large, async () => {
      expect((await members.search(large, "quentin", order, { limit: 10 })).read).toBeLessThan(1_000 + 750);
    });
  });

  test("reads the members of a rare role only", async () => {
    await members.asIfLarge(large, async () => {
      for (const text of ["quentin", "a"])
        expect((await members.search(large, text, order, { roles: ["OWNER"] })).read).toBeLessThan(50);
    });
  });
});

test.each(ORDERS)("by %s, the last page of a frequent text reads no members before it", async (order) => {
  const all = await members.scan(large, "a", order);
  const { next } = await members.search(large, "a", order, { limit: all.length - 30 });
  const last = await members.search(large, "a", order, { limit: 100, after: next });
  expect(last.ids).toEqual(all.slice(-30));
  expect(last.read).toBeLessThan(250);
});

const TEXTS = ["a", "ab", "abc", "bc", "quent", "quentin", "zyx", "e q", "7", "%", "_", "nobody"];
const ROLES = [null, ["OWNER"], ["ADMIN", "VIEWER"], Object.values(OrganizationRole)] as const;

test.each(ORDERS)(
  "by %s, pages of random searches join to the list that a scan finds, with every plan",
  async (order) => {
    const random = new Random(ORDERS.indexOf(order));
    const ran = new Set<string>();
    const compare = async (text: string, roles: (typeof ROLES)[number], limit: number) => {
      const hits = await members.scan(large, text, order, roles);
      const from = hits.length <= limit ? 0 : random.below(hits.length - limit);
      const before = from === 0 ? null : await members.search(large, text, order, { roles, limit: from, after: null });
      let after = before?.next ?? null;
      for (let at = from; ; at += limit) {
        const page = await members.search(large, text, order, { roles, limit, after });
        expect(page.ids).toEqual(hits.slice(at, at + limit + 1));
        for (const name of page.statements) ran.add(name.replace(/-(roles-of-)?members.*/, "-$1"));
        after = page.next;
        if (after === null || at > from + limit) break;
      }
    };
    const compareSome = async () => {
      for (const roles of ROLES) await compare("quentin", roles, 40);
      for (let each = 0; each < 6; each++) {
        await compare(random.pick(TEXTS), random.pick(ROLES), 1 + random.below(100));
      }
    };
    await compareSome();
    await members.asIfLarge(large, compareSome);
    expect([...ran].sort()).toEqual([
      ...["found-", "long-walk-of-", "long-walk-of-roles-of-", "walk-of-", "walk-of-roles-of-"],
    ]);
  },
);

function literal(value: unknown): string {
  if (value === null) return "NULL";
  return Array.isArray(value) ? `'{${value.join(",")}}'` : `'${String(value).replaceAll("'", "''")}'`;
}

test("the generic plan of a search reads only members with the text", async () => {
  const plans: string[] = [];
  const explaining: Reader = {
    rows: async <Row>({ text }: Statement, values: readonly unknown[]) => {
      const { client } = members;
      await client.query("SET plan_cache_mode = force_generic_plan");
      await client.query(`PREPARE planned AS ${text}`);
      const { rows } = await client.query(`EXPLAIN EXECUTE planned (${values.map(literal).join(", ")})`);
      await client.query("DEALLOCATE planned; RESET plan_cache_mode");
      plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      // The last member of a walk without hits.
      return [{ organizationId: large, isHit: false, isLast: true, among: LARGE }] as Row[];
    },
  };
  for (const order of ORDERS) {
    const filter = { search: "quentin", roles: null };
    await memberPages(explaining, OF_NOBODY, [large], filter, order, { limit: 50, after: null });
  }
  expect(plans).toHaveLength(8);
  for (const [n, plan] of plans.entries()) {
    // A walk looks up its hits by their ids.
    const indexes = plan.match(/\bmember_\w+_index\b/g)?.filter((name) => name !== "member_id_index");
    expect(indexes).toEqual([
      n % 2 === 0 ? expect.stringMatching(/^member_organization_id_/) : "member_search_keys_index",
    ]);
    expect(plan).not.toMatch(/Seq Scan on (member|user_account)|BitmapAnd/);
    expect(plan).toContain("user_account_pkey");
    // Only the page is sorted.
    if (n % 2 === 0) expect(plan.slice(plan.indexOf("WindowAgg"))).not.toMatch(/Sort\b/);
  }
});

test("a search counts the same members as a scan", async () => {
  for (const text of TEXTS) {
    const total = (await members.scan(large, text, "JOINED")).length;
    const totals = await memberTotals(members.reader, [large], { search: text, roles: null });
    expect(totals).toEqual([{ parentId: large, total }]);
  }
});

test("organizations in one search get their own hits, also if both need a longer walk", async () => {
  const hitsOf = async (ids: readonly string[], text: string, limit: number) => {
    const filter = { search: text, roles: null };
    return await memberPages(members.reader, OF_NOBODY, ids, filter, "NAME", { limit, after: null });
  };
  const found = await hitsOf([small, large], "zyx", 5);
  expect(found.map(({ organizationId }) => organizationId)).toEqual([small, large]);
  await members.asIfLarge(small, async () => {
    await members.asIfLarge(large, async () => {
      const expected = await Promise.all([small, large].map((id) => members.scan(id, "quentin", "NAME")));
      const both = await hitsOf([small, large], "quentin", 30);
      expect(both.map(({ id }) => id)).toEqual(expected.flatMap((ids) => ids.slice(0, 31)));
    });
  });
  const roles = { search: "zyx", roles: ["ADMIN" as const] };
  const nobody = await memberPages(members.reader, OF_NOBODY, [small], roles, "NAME", { limit: 5, after: null });
  expect(nobody.map(({ role }) => role)).toEqual([]);
});
