import { parse } from "graphql";
import { commands } from "../../src/commands";
import { signIn } from "../../src/commands/user/sign-in";
import type { Viewer } from "../../src/domain/viewer";
import { LISTS } from "../../src/store/lists";
import { run } from "../isolation/selections";
import { type Actor, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let viewer: Actor;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  await rename(acme.owner, "mia");
  for (const [name, role, day] of MEMBERS) {
    world.clock.pass(1000);
    const member = await acme.member(role);
    await rename(member, name);
    await world.query("UPDATE member SET last_seen_at = $2 WHERE id = $1", member.memberId, day);
    if (role === "VIEWER") viewer = member;
  }
  await world.query("UPDATE member SET last_seen_at = '2026-03-30' WHERE id = $1", acme.owner.memberId);
});
afterAll(() => world.close());

const MEMBERS = [
  ["Zoe", "VIEWER", "2026-03-31"],
  ["ada", "ADMIN", null],
  ["Ada", "OWNER", "2026-03-30"],
  ["Émile", "DEVELOPER", "2026-03-01"],
  ["bob", "DEVELOPER", "2026-03-31"],
] as const;

async function rename(person: Actor, name: string): Promise<void> {
  world.clock.pass(1000);
  const { id, email } = person;
  await signIn(world.replica(), { id, name, email, emailVerified: false, identityAt: world.clock.now() });
}

interface Page {
  nodes: Array<{ id: string; user: { name: string } }>;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
}

async function read(args: string, as: Viewer = acme.owner): Promise<{ page: Page | null; code: string | undefined }> {
  const text = `{ organization(id: "${acme.id}") { members(${args}) {
    totalCount nodes { id user { name } } pageInfo { hasNextPage endCursor } } } }`;
  const { data, errors } = await run({ document: parse(text), context: world.context(as) });
  const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  const organization = data?.organization as { members: Page } | null | undefined;
  return { page: organization?.members ?? null, code: denial?.extensions?.code };
}

/** The names of all members, read in pages. */
async function all(args: string, first: number): Promise<string[]> {
  const names: string[] = [];
  for (let after = ""; ; ) {
    const { page } = await read(`${args}, first: ${first}${after}`);
    names.push(...(page?.nodes ?? []).map(({ user }) => user.name));
    if (!page?.pageInfo.hasNextPage) return names;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
}

const ORDERS: Record<string, string[]> = {
  JOINED: ["mia", "Zoe", "ada", "Ada", "Émile", "bob"],
  NAME: ["ada", "Ada", "bob", "mia", "Zoe", "Émile"],
  ROLE: ["mia", "Ada", "ada", "Émile", "bob", "Zoe"],
  LAST_SEEN: ["bob", "Zoe", "Ada", "mia", "Émile", "ada"],
};

test.each(Object.entries(ORDERS))(
  "members are listed by %s, page by page, without repeats or gaps",
  async (order, names) => {
    for (const first of [1, 2, 4, 6]) expect(await all(`orderBy: ${order}`, first)).toEqual(names);
    const managers = names.filter((name) => ["mia", "ada", "Ada"].includes(name));
    expect(await all(`orderBy: ${order}, roles: [OWNER, ADMIN]`, 1)).toEqual(managers);
  },
);

test.each(Object.entries(ORDERS))("a search has the order %s over all pages", async (order, names) => {
  const withA = names.filter((name) => /a/i.test(name));
  for (const first of [1, 2, 5]) {
    expect(await all(`orderBy: ${order}, search: "A"`, first)).toEqual(withA);
    expect(await all(`orderBy: ${order}, search: "da"`, first)).toEqual(names.filter((name) => /da/i.test(name)));
    expect(await all(`orderBy: ${order}, search: "é"`, first)).toEqual(["Émile"]);
    expect(await all(`orderBy: ${order}, search: "nobody"`, first)).toEqual([]);
  }
  const { page } = await read(`orderBy: ${order}, search: "a", first: 1, roles: [ADMIN]`);
  expect(page).toMatchObject({ totalCount: 1, nodes: [{ user: { name: "ada" } }] });
});

test("a cursor of another order is refused, and so is a forged one", async () => {
  const cursors: Record<string, string> = {};
  for (const order of Object.keys(ORDERS)) {
    cursors[order] = (await read(`orderBy: ${order}, first: 1`)).page?.pageInfo.endCursor ?? "";
  }
  for (const [order, cursor] of Object.entries(cursors)) {
    for (const other of Object.keys(ORDERS)) {
      const { code } = await read(`orderBy: ${other}, after: "${cursor}"`);
      expect([order, other, code]).toEqual([order, other, order === other ? undefined : "BAD_USER_INPUT"]);
    }
  }
  const forged = (...key: unknown[]) =>
    Buffer.from(JSON.stringify(["membersByName", acme.id, ...key])).toString("base64url");
  const id = acme.owner.memberId;
  expect((await read(`orderBy: NAME, after: "${forged("x".repeat(200), id)}"`)).code).toBeUndefined();
  for (const bad of [forged("x".repeat(201), id), forged("\0", id), forged("\ud800", id), forged(1, id), forged("a")]) {
    expect((await read(`orderBy: NAME, after: "${bad}"`)).code).toBe("BAD_USER_INPUT");
  }
});

test("only viewers who can change roles can order by last seen", async () => {
  expect((await read("orderBy: LAST_SEEN", viewer)).code).toBe("FORBIDDEN");
  expect((await read("orderBy: NAME", viewer)).code).toBeUndefined();
  const service: Viewer = { kind: "service", name: "t", scopes: new Set(["entities:read"]) };
  expect((await read("orderBy: LAST_SEEN", service)).code).toBe("FORBIDDEN");
  expect((await read("orderBy: ROLE", service)).page?.totalCount).toBe(6);
});

test("a new name counts immediately in the order and in searches, and a long one is cut", async () => {
  await rename(viewer, `${"é".repeat(200)} Aaron`);
  expect((await all("orderBy: NAME", 3)).at(-1)).toBe(`${"é".repeat(200)} Aaron`);
  expect(await all('orderBy: NAME, search: "Zoe"', 3)).toEqual([]);
  expect(await all('orderBy: NAME, search: "aaron"', 3)).toHaveLength(1);
  await rename(viewer, "Zoe");
});

test("a member whose name changes while they join has the new name", async () => {
  const person = await world.person("Before");
  const invitationId = await acme.invite(person.email, "VIEWER");
  const runner = world.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query("UPDATE user_account SET search_text = 'after' WHERE id = $1", [person.id]);
  const joining = person.run(commands.acceptInvitation, { invitationId });
  const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  while ((await world.query(waiting)).length === 0) await new Promise((resolve) => setImmediate(resolve));
  await runner.commitTransaction();
  await runner.release();
  const { memberId } = await joining;
  const text = "SELECT name_key, search_text FROM member WHERE id = $1";
  expect(await world.query(text, memberId)).toEqual([{ name_key: "after", search_text: "after" }]);
});

test("each order has an index that begins with the organization", async () => {
  expect(Object.keys(LISTS)).toEqual(expect.arrayContaining(["members", "membersByName", "membersByRole"]));
  const rows = await world.query<{ definition: string }>(
    "SELECT indexdef AS definition FROM pg_indexes WHERE tablename = 'member'",
  );
  const definitions = rows.map(({ definition }) => definition).join("\n");
  for (const columns of ["joined_at, id", 'name_key COLLATE "C", id', "END), joined_at, id", "COALESCE(last_seen_at"]) {
    expect(definitions).toContain(columns);
  }
});
