import { randomUUID } from "node:crypto";
import type { App } from "../../src/app";
import { expireInvitations } from "../../src/commands/invitation/expire-invitations";
import { changeUnlessPurged } from "../../src/jobs/change-unless-purged";
import type { DatabaseProxy } from "../support/database-proxy";
import { ProxiedService } from "../support/proxied-service";
import { CREATE, expectDoubt, IN_DOUBT, OUT, post } from "../support/replies";
import type { Person, RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

/** `npm run test:pooler` sets this. */
const POOLER = process.env.TEST_POOLER_PORT;
/**
 * The text that commits usage without a key: the statement, or COMMIT, because waiting for locks is limited in
 * transactions only.
 */
const COMMITS_USAGE = POOLER ? "COMMIT" : "record-usage";

let proxied: ProxiedService;
let service: RunningService;
let proxy: DatabaseProxy;
let app: App;
beforeAll(async () => {
  proxied = await ProxiedService.start(POOLER);
  ({ service, proxy, app } = proxied);
});
afterAll(() => proxied.stop());

const send = (token: string, query: string, key?: string, path?: string) => post(app.port, token, query, key, path);

const organizations = async ({ ask }: Person) =>
  (await ask("{ viewer { memberships { id } } }")).data.viewer.memberships.length as number;

describe.each(["before", "after"] as const)("a connection that breaks at COMMIT, %s it is executed", (when) => {
  test.each(["/graphql", "/graphql/stream"])(
    "is UNAVAILABLE and in doubt over %s, and a repeat gets the outcome",
    async (path) => {
      const { owner } = await proxied.founded();
      const before = await organizations(owner);
      const cut = proxy.cutAt("COMMIT", when);
      const first = await send(owner.token, CREATE, "k", path);
      await cut;
      if (path === "/graphql") expectDoubt(first);
      else expect(first.error?.extensions).toEqual(IN_DOUBT);
      expect(await organizations(owner)).toBe(when === "after" ? before + 1 : before);
      const again = await send(owner.token, CREATE, "k", path);
      expect(again.data.createOrganization.organization.id).toBeDefined();
      expect(await organizations(owner)).toBe(before + 1);
      expect((await send(owner.token, CREATE, "k", path)).data).toEqual(again.data);
    },
  );

  test("is in doubt without an Idempotency-Key, too", async () => {
    const { owner } = await proxied.founded();
    const before = await organizations(owner);
    const cut = proxy.cutAt("COMMIT", when);
    expectDoubt(await send(owner.token, CREATE));
    await cut;
    expect(await organizations(owner)).toBe(when === "after" ? before + 1 : before);
  });

  test("is in doubt for several invitations, which are sent once", async () => {
    const { owner, id } = await proxied.founded();
    const emails = [1, 2, 3].map(() => `${randomUUID()}@example.com`);
    const invite = `mutation { inviteMembers(input: { organizationId: "${id}", emails: ${JSON.stringify(emails)}, role: VIEWER }) {
      ... on InviteMembersSuccess { invitations { email } skipped { email } } } }`;
    const cut = proxy.cutAt("COMMIT", when);
    expectDoubt(await send(owner.token, invite, "invite"));
    await cut;
    const { data } = await send(owner.token, invite, "invite");
    expect(data.inviteMembers.invitations).toHaveLength(3);
    expect(data.inviteMembers.skipped).toEqual([]);
    const listed = await owner.ask(`{ organization(id: "${id}") { invitations { totalCount } } }`);
    expect(listed.data.organization.invitations.totalCount).toBe(3);
  });

  test.each(["a", "b"])("in mutation %s of two keeps the earlier result", async (alias) => {
    const { owner } = await proxied.founded();
    const before = await organizations(owner);
    const create = (name: string) =>
      CREATE.replace(/^mutation \{ | \}$/g, "").replace("createOrganization", `${name}: $&`);
    const two = `mutation { ${create("a")} ${create("b")} }`;
    const cut = proxy.cutAt("COMMIT", when, alias === "a" ? 0 : 1);
    const first = await send(owner.token, two, "two");
    await cut;
    expectDoubt(first);
    expect(first.error?.path).toEqual([alias]);
    const again = await send(owner.token, two, "two");
    expect(again.data.a.organization.id).not.toBe(again.data.b.organization.id);
    expect(await organizations(owner)).toBe(before + 2);
    expect(await send(owner.token, two, "two")).toEqual(again);
  });

  test("is in doubt over a WebSocket", async () => {
    const { owner } = await proxied.founded();
    const subscription = subscribeBySocket(connect(app.port, owner.token), CREATE);
    const cut = proxy.cutAt("COMMIT", when);
    const [received] = await subscription.over();
    await cut;
    expect(received?.errors?.[0]?.extensions).toEqual(IN_DOUBT);
  });

  test.each([undefined, "usage"])("is in doubt for a single statement, with the key %s", async (key) => {
    const { workspaceId } = await proxied.founded();
    const token = await service.issuer.issueForService("metering", ["usage:write"]);
    // The first statement of a process creates partitions and commits them first.
    await send(token, "mutation { recordUsage(input: { records: [] }) { __typename } }");
    const at = new Date().toISOString();
    const record = `mutation { recordUsage(input: { records: [
      { id: "${randomUUID()}", workspaceId: "${workspaceId}", at: "${at}", credits: 1 },
      { id: "${randomUUID()}", workspaceId: "${workspaceId}", at: "${at}", credits: 2 }] }) {
      ... on RecordUsageSuccess { recorded duplicates } } }`;
    const its = key && `${key}-${when}`;
    const cut = proxy.cutAt(key === undefined ? COMMITS_USAGE : "COMMIT", when);
    expectDoubt(await send(token, record, its));
    await cut;
    const again = (await send(token, record, its)).data.recordUsage;
    const wasStored = when === "after" && key === undefined;
    expect(again).toEqual(wasStored ? { recorded: 0, duplicates: 2 } : { recorded: 2, duplicates: 0 });
    expect((await send(token, record)).data.recordUsage).toEqual({ recorded: 0, duplicates: 2 });
  });

  test("makes a job run again, with one effect", async () => {
    const { owner, id } = await proxied.founded();
    const invite = `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["x@example.com"], role: VIEWER }) { __typename } }`;
    await owner.ask(invite);
    const { database } = service.app.services;
    await database.dataSource.query(
      "UPDATE invitation SET expires_at = now() - interval '1 s' WHERE organization_id = $1",
      [id],
    );
    const expire = () => changeUnlessPurged(app.services, id, expireInvitations);
    const cut = proxy.cutAt("COMMIT", when);
    await expect(expire()).rejects.toMatchObject({ extensions: IN_DOUBT });
    await cut;
    await expire();
    const { data } = await owner.ask(`{ organization(id: "${id}") { auditLog(first: 100) { nodes { type } } } }`);
    const types = data.organization.auditLog.nodes.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type === "invitation.expired")).toHaveLength(1);
  });

  test("of a first sign-in does not affect the query, and the person is created once", async () => {
    const id = `test|${randomUUID()}`;
    const token = await service.issuer.issue({
      id,
      email: `${randomUUID()}@example.com`,
      emailVerified: true,
      name: "N",
    });
    const cut = proxy.cutAt("COMMIT", when);
    const first = await send(token, "{ viewer { id } }");
    await cut;
    expect(first).toMatchObject({ status: 503, retryAfter: "5", error: { extensions: OUT } });
    expect(first.error?.extensions).toEqual(OUT);
    expect((await send(token, "{ viewer { memberships { id } } }")).data.viewer.memberships).toHaveLength(1);
  });
});

test("a saved change whose result cannot be read is reported as possibly saved", async () => {
  const { owner } = await proxied.founded();
  const before = await organizations(owner);
  const { target } = proxy;
  const cut = proxy.cutAfterResponseTo("COMMIT");
  const first = await send(owner.token, CREATE, "k");
  await cut;
  proxy.target = target;
  expectDoubt(first);
  expect(await organizations(owner)).toBe(before + 1);
  expect((await send(owner.token, CREATE, "k")).data.createOrganization.organization.id).toBeDefined();
  expect(await organizations(owner)).toBe(before + 1);
});
