import { randomUUID } from "node:crypto";
import type { App } from "../../src/app";
import type { DatabaseProxy } from "../support/database-proxy";
import { invite, organization } from "../support/live-organization";
import { ProxiedService } from "../support/proxied-service";
import { CREATE, OUT, post } from "../support/replies";
import { RouterStandIn } from "../support/router-stand-in";
import type { RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

let proxied: ProxiedService;
let service: RunningService;
let proxy: DatabaseProxy;
let app: App;
beforeAll(async () => {
  proxied = await ProxiedService.start();
  ({ service, proxy, app } = proxied);
});
afterAll(() => proxied.stop());

const send = (token: string, query: string, key?: string, path?: string) => post(app.port, token, query, key, path);

test.each(["START TRANSACTION", "lock-organization", 'INSERT INTO "invitation"'])(
  "a connection that breaks at %s leaves nothing in doubt",
  async (text) => {
    const { owner, id } = await proxied.founded();
    const invite = `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["x@example.com"], role: VIEWER }) { __typename } }`;
    const cut = proxy.cutAt(text, "before");
    const first = await send(owner.token, invite, "k");
    await cut;
    expect(first).toMatchObject({ status: 503, retryAfter: "5" });
    expect(first.error?.extensions).toEqual(OUT);
    expect((await send(owner.token, invite, "k")).error).toBeUndefined();
  },
);

test.each(["{ viewer { memberships { id } } }", CREATE])("a lost database is UNAVAILABLE: %s", async (document) => {
  const { owner } = await proxied.founded();
  const { target } = proxy;
  proxy.cut();
  const first = await send(owner.token, document);
  const keyed = await send(owner.token, document, "k");
  const stream = await send(owner.token, document, "k", "/graphql/stream");
  proxy.target = target;
  expect(keyed).toMatchObject({ status: 503, retryAfter: "5" });
  expect(keyed.error?.extensions).toEqual(OUT);
  expect(first).toMatchObject({ status: 503, retryAfter: "5" });
  expect(first.error?.extensions).toEqual(OUT);
  expect(stream.error?.extensions).toEqual(OUT);
  expect((await send(owner.token, document)).error).toBeUndefined();
});

const SUBSCRIBE = "subscription($id: ID!) { membershipChanged(organizationId: $id) { change } }";

test("without the database, a WebSocket's subscription is UNAVAILABLE, and a new person gets the advice to reconnect later", async () => {
  const { owner, id } = await proxied.founded();
  const client = connect(app.port, owner.token);
  const one = subscribeBySocket(client, "{ plans { code } }");
  await one.over();
  const { target } = proxy;
  proxy.cut();
  const received = await subscribeBySocket(client, SUBSCRIBE, { id }).over();
  const newcomer = { id: `test|${randomUUID()}`, email: "n@example.com", emailVerified: false, name: "N" };
  const late = subscribeBySocket(connect(app.port, await service.issuer.issue(newcomer)), SUBSCRIBE, { id });
  await late.over();
  proxy.target = target;
  expect(received.at(-1)?.errors?.[0]?.extensions).toEqual(OUT);
  expect(late.closedWith?.code).toBe(1013);
});

test("without the database, a router's subscription is UNAVAILABLE for known and new people", async () => {
  const { owner, id } = await proxied.founded();
  const router = await RouterStandIn.start();
  const { target } = proxy;
  const environment = {
    DATABASE_URL: service.databaseUrl.replace(new URL(service.databaseUrl).port, proxy.port),
    SUBSCRIPTION_CALLBACK_URLS: router.url,
  };
  const behind = await service.replica(environment, { jobs: false });
  const subscribe = (token: string) => router.subscribe(behind.port, token, { query: SUBSCRIBE, variables: { id } });
  const known = await subscribe(owner.token);
  router.forget(known.id);
  proxy.cut();
  const refused = await subscribe(owner.token);
  const newcomer = { id: `test|${randomUUID()}`, email: "m@example.com", emailVerified: false, name: "N" };
  const late = await subscribe(await service.issuer.issue(newcomer));
  proxy.target = target;
  expect(refused.answer.errors?.[0]?.extensions).toEqual(OUT);
  expect(late.answer.errors?.[0]?.extensions).toEqual(OUT);
  expect([late.status, late.headers.get("retry-after")]).toEqual([503, "5"]);
  await router.stop();
});

test.each([
  ["COMMIT", true],
  ["lock-organization", undefined],
])("a mutation that exceeds its deadline at %s says whether it may have been saved", async (text, mayHaveHappened) => {
  const { owner, id } = await proxied.founded();
  const rename = `mutation { updateOrganization(input: { organizationId: "${id}", name: "New" }) { __typename } }`;
  const variables = { DATABASE_URL: proxy.url(service.databaseUrl), OPERATION_DEADLINE_MS: "3000" };
  const { port } = await service.replica(variables, { jobs: false });
  await post(port, owner.token, "{ viewer { id } }");
  // Without a response to its own new connection, the watch cuts no connection before the deadline.
  const held = proxy.holdAt(text).then(() => {
    proxy.isHanging = true;
  });
  const { status, retryAfter, error } = await post(port, owner.token, rename, "k");
  await held;
  proxy.isHanging = false;
  expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: "5" });
  expect(error?.extensions).toEqual({
    code: "DEADLINE_EXCEEDED",
    retryAfterSeconds: 5,
    ...(mayHaveHappened && { mayHaveHappened }),
  });
  expect(error?.message).toMatch(mayHaveHappened ? /may have been saved/ : /Nothing was changed/);
});

const CREATED = `subscription($id: ID!) {
  invitationChanged(organizationId: $id) { change invitation { email } } }`;

test("connections that stop responding, including the one that LISTENs, are replaced, and nothing is lost", async () => {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const client = connect(app.port, owner.token);
  const subscription = subscribeBySocket(client, CREATED, { id });
  while (app.live.size === 0) await new Promise((resolve) => setImmediate(resolve));
  await invite(owner, id, "before@example.com");
  await subscription.count(1);
  proxy.freeze();
  await invite(owner, id, "silent@example.com");
  await subscription.count(2);
  await invite(owner, id, "after@example.com");
  const received = await subscription.count(3);
  expect(received.map(({ data }) => data.invitationChanged.invitation.email)).toEqual([
    "before@example.com",
    "silent@example.com",
    "after@example.com",
  ]);
  await client.dispose();
});
