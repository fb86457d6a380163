import { parse } from "graphql";
import { commands } from "../../src/commands";
import type { Person } from "../../src/domain/viewer";
import { createExecutor } from "../../src/server/graphql/execute";
import { guardedSchema } from "../../src/server/graphql/schema";
import { writeEventCursor } from "../../src/store/events/event-cursor";
import { type Actor, silentLog, type TestOrganization, World } from "../support/world";

// Reads every list page by page: with rows from one moment, which only ids order, and from several.
const run = createExecutor(guardedSchema(), silentLog);

let world: World;
let acme: TestOrganization;
let globex: TestOrganization;
let alpha: string;
let beta: string;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization("ENTERPRISE");
  globex = await world.organization("ENTERPRISE");
  [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  for (const role of ["VIEWER", "ADMIN", "DEVELOPER", "VIEWER", "DEVELOPER"] as const) {
    await acme.member(role, role === "ADMIN" ? [] : [alpha]);
  }
  for (const name of ["Gamma one", "Gamma two", "Delta"]) await acme.workspace(name);
  for (const name of ["a", "b", "c"]) await acme.invite(`${name}@example.com`, "VIEWER");
  world.clock.pass(1);
  await acme.member("VIEWER", [alpha]);
  await acme.member("ADMIN");
  await acme.workspace("Gamma three");
  const invitationId = await acme.invite("d@example.com", "VIEWER");
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId });
  await acme.invite("e@example.com", "VIEWER");
  // One person owns both, so that one query can read the lists of both.
  await join(globex, acme.owner);
  await globex.invite("f@example.com", "VIEWER");
  await globex.member("VIEWER", [await globex.workspace("Alpha")]);
});
afterAll(() => world.close());

async function join(organization: TestOrganization, person: Actor): Promise<void> {
  const invitationId = await organization.invite(person.email, "ADMIN");
  const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
  const promote = { organizationId: organization.id, memberId, role: "OWNER" as const };
  await organization.owner.run(commands.changeMemberRole, promote);
}

interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  nodes: Array<Record<string, unknown>>;
  edges: Array<{ cursor: string; node: Record<string, unknown> }>;
}

async function ask(text: string): Promise<{ data: Record<string, unknown>; code: string | null }> {
  const { id, name, email, emailVerified } = acme.owner;
  const viewer: Person = { kind: "person", id, name, email, emailVerified };
  const { data, errors } = await run({ document: parse(text), context: world.context(viewer) });
  const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    code: errors ? (denial?.extensions?.code ?? errors[0]?.message ?? "?") : null,
  };
}

/** A list: its parent, its field, and the key of a node. */
interface List {
  field: "members" | "workspaces" | "invitations" | "auditLog" | "access";
  parent(): string;
}
const inAcme = (field: List["field"]): List => ({ field, parent: () => acme.id });
const inGlobex = (field: List["field"]): List => ({ field, parent: () => globex.id });
const LISTS: Record<string, List> = {
  members: inAcme("members"),
  workspaces: inAcme("workspaces"),
  invitations: inAcme("invitations"),
  auditLog: inAcme("auditLog"),
  access: { field: "access", parent: () => alpha },
  "members elsewhere": inGlobex("members"),
  "workspaces elsewhere": inGlobex("workspaces"),
  "invitations elsewhere": inGlobex("invitations"),
  "auditLog elsewhere": inGlobex("auditLog"),
  "access elsewhere": { field: "access", parent: () => beta },
};
const NODE = { members: "id", workspaces: "id", invitations: "id", auditLog: "sequence", access: "member { id }" };

async function pageOf({ field, parent }: List, args: string): Promise<{ page: Page; code: string | null }> {
  const of = field === "access" ? "workspace" : "organization";
  const node = NODE[field];
  const selection = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { ${node} } edges { cursor node { ${node} } }`;
  const { data, code } = await ask(`{ parent: ${of}(id: "${parent()}") { list: ${field}(${args}) { ${selection} } } }`);
  return { page: (data?.parent as { list: Page } | null)?.list as Page, code };
}

const MOST_PAGES = 60;

/** All nodes of a list, read `first` at a time. */
async function walk(list: List, first: number, filter = ""): Promise<{ nodes: string[]; totals: Set<number> }> {
  const nodes: string[] = [];
  const totals = new Set<number>();
  let after: string | null = null;
  for (let count = 0; count < MOST_PAGES; count++) {
    const cursor: string = after === null ? "" : `, after: "${after}"`;
    const { page, code } = await pageOf(list, `first: ${first}${cursor}${filter}`);
    expect(code).toBeNull();
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
    expect(page.nodes.length <= first && (page.nodes.length === first || !page.pageInfo.hasNextPage)).toBe(true);
    expect(page.pageInfo).toMatchObject({
      hasPreviousPage: after !== null,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    });
    nodes.push(...page.nodes.map((node) => JSON.stringify(node)));
    totals.add(page.totalCount);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return { nodes, totals };
  }
  throw new Error(`More than ${MOST_PAGES} pages: ${nodes.join()}`);
}

const FILTERS: Array<[name: string, filter: string, found: number | null]> = [
  ["members", "", 8],
  ["members", ", roles: [VIEWER]", 3],
  ["members", ", roles: [OWNER, ADMIN]", 3],
  ["members", ', search: "@example.com"', 8],
  ["members", ", roles: []", 0],
  ["workspaces", "", 7],
  ["workspaces", ', search: "gamma"', 3],
  ["invitations", "", 4],
  ["invitations", ", statuses: [PENDING, CANCELED]", 5],
  ["invitations", ", statuses: [CANCELED]", 1],
  ["invitations", ", statuses: null", 12],
  ["access", "", 8],
  ["auditLog", ', types: ["member.joined"]', 8],
  ["auditLog", "", null],
  ["members elsewhere", "", 3],
  ["workspaces elsewhere", "", 2],
  ["access elsewhere", "", 3],
];

test.each(FILTERS)(
  "%s%s, page by page: without repeats or gaps, and with the same count on all pages",
  async (name, filter, expected) => {
    const list = LISTS[name];
    if (!list) throw new Error(`There is no list ${name}.`);
    const found = expected ?? (await acme.eventTypes()).length;
    const whole = await pageOf(list, `first: 100${filter}`);
    const all = whole.page.nodes.map((node) => JSON.stringify(node));
    expect(whole.page).toMatchObject({ totalCount: found, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    expect(new Set(all).size).toBe(found);
    for (const first of [1, 2, 3, Math.max(1, found - 1), Math.max(1, found), found + 1]) {
      const { nodes, totals } = await walk(list, first, filter);
      expect([first, nodes]).toEqual([first, all]);
      expect([first, [...totals]]).toEqual([first, [found]]);
    }
  },
);

test("a cursor of another list or another parent is refused", async () => {
  const cursors: Record<string, string> = { events: writeEventCursor(acme.id, 3) };
  for (const [name, list] of Object.entries(LISTS)) {
    const { page } = await pageOf(list, "first: 1");
    if (page.pageInfo.endCursor !== null) cursors[name] = page.pageInfo.endCursor;
  }
  const wrong: string[] = [];
  for (const [its, cursor] of Object.entries(cursors)) {
    for (const [name, list] of Object.entries(LISTS)) {
      const { code } = await pageOf(list, `first: 1, after: "${cursor}"`);
      if (code !== (its === name ? null : "BAD_USER_INPUT")) wrong.push(`${its} in ${name}: ${code}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(Object.keys(cursors)).toHaveLength(Object.keys(LISTS).length + 1);
});

test("lists of several parents in one query do not mix", async () => {
  const lists = "members(first: 1) { totalCount nodes { organization { id } } } workspaces(first: 1) { totalCount }";
  const { data } = await ask(`{ viewer { memberships { organization { id ${lists} } } } }`);
  const { memberships } = data.viewer as { memberships: Array<{ organization: Record<string, never> }> };
  const counts = Object.fromEntries(memberships.map(({ organization }) => [organization.id, organization]));
  const member = (id: string) => ({ nodes: [{ organization: { id } }] });
  expect(counts[acme.id]).toMatchObject({
    members: { totalCount: 8, ...member(acme.id) },
    workspaces: { totalCount: 7 },
  });
  expect(counts[globex.id]).toMatchObject({
    ...{ members: { totalCount: 3, ...member(globex.id) }, workspaces: { totalCount: 2 } },
  });
});
