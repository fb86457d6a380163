import { randomUUID } from "node:crypto";
import type { App } from "../../src/app";
import { DatabaseProxy } from "../support/database-proxy";
import { CREATE, OUT, Reply } from "../support/replies";
import { RouterStandIn } from "../support/router-stand-in";
import { RunningService } from "../support/service";
import { connect, watch } from "../support/watching";

let service: RunningService;
let proxy: DatabaseProxy;
/** A replica whose connections to the database pass through the proxy. */
let app: App;
const DEADLINE_MS = 1_500;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  proxy = await DatabaseProxy.open();
  const variables = { DATABASE_URL: proxy.url(service.databaseUrl), OPERATION_DEADLINE_MS: String(DEADLINE_MS) };
  app = await service.replica(variables, { jobs: false });
});
afterAll(async () => {
  await service.stop();
  proxy.close();
});

async function send(token: string, query: string, key?: string, path = "/graphql"): Promise<Reply> {
  const response = await fetch(`http://127.0.0.1:${app.port}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      ...(key !== undefined && { "idempotency-key": key }),
    },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  const body = JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, data: body.data, error: body.errors?.[0] };
}

/** An organization of somebody's, on a plan with seats, and how many there are of what can be made in it. */
async function founded() {
  const owner = await service.person("Olga");
  const { data } = await owner.ask(
    'mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id workspaces { nodes { id } } } } } }',
  );
  const { id, workspaces } = data.createOrganization.organization;
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  // Known to the replica, so that nothing but the mutation commits.
  await send(owner.token, "{ viewer { id } }");
  return { owner, id: id as string, workspaceId: workspaces.nodes[0].id as string };
}

describe("a connection that breaks earlier", () => {
  test.each(["START TRANSACTION", "lock-organization", 'INSERT INTO "invitation"'])(
    "at %s, leaves nothing in doubt",
    async (text) => {
      const { owner, id } = await founded();
      const invite = `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["x@example.com"], role: VIEWER }) { __typename } }`;
      const cut = proxy.cutAt(text, "before");
      const first = await send(owner.token, invite, "k");
      await cut;
      expect(first).toMatchObject({ status: 503, retryAfter: "5" });
      expect(first.error?.extensions).toEqual(OUT);
      expect((await send(owner.token, invite, "k")).error).toBeUndefined();
    },
  );

  test.each(["{ viewer { memberships { id } } }", CREATE])("of a database that is gone: %s", async (document) => {
    const { owner } = await founded();
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
});

const WATCH = "subscription($id: ID!) { membershipChanged(organizationId: $id) { change } }";

test("without the database, a WebSocket's subscription is UNAVAILABLE, and who is new may connect later", async () => {
  const { owner, id } = await founded();
  const client = connect(app.port, owner.token);
  const one = watch(client, "{ plans { code } }");
  await one.over();
  const { target } = proxy;
  proxy.cut();
  const received = await watch(client, WATCH, { id }).over();
  const newcomer = { id: `test|${randomUUID()}`, email: "n@example.com", emailVerified: false, name: "N" };
  const late = watch(connect(app.port, await service.issuer.issue(newcomer)), WATCH, { id });
  await late.over();
  proxy.target = target;
  expect(received.at(-1)?.errors?.[0]?.extensions).toEqual(OUT);
  expect(late.closedWith?.code).toBe(1013);
});

test("without the database, a router's subscription is UNAVAILABLE, whoever asks", async () => {
  const { owner, id } = await founded();
  const router = await RouterStandIn.start();
  const { target } = proxy;
  const environment = {
    DATABASE_URL: service.databaseUrl.replace(new URL(service.databaseUrl).port, proxy.port),
    SUBSCRIPTION_CALLBACK_URLS: router.url,
  };
  const behind = await service.replica(environment, { jobs: false });
  const subscribe = (token: string) => router.subscribe(behind.port, token, { query: WATCH, variables: { id } });
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
])("a mutation whose time is over at %s says whether it may have happened", async (text, mayHaveHappened) => {
  const { owner, id } = await founded();
  const rename = `mutation { updateOrganization(input: { organizationId: "${id}", name: "New" }) { __typename } }`;
  const held = proxy.holdAt(text);
  const { status, retryAfter, error } = await send(owner.token, rename, "k");
  await held;
  expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: "5" });
  expect(error?.extensions).toEqual({
    code: "DEADLINE_EXCEEDED",
    retryAfterSeconds: 5,
    ...(mayHaveHappened && { mayHaveHappened }),
  });
  expect(error?.message).toMatch(mayHaveHappened ? /may have been saved/ : /Nothing was changed/);
});
