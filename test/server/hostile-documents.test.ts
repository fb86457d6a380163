import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "graphql";
import * as validator from "graphql/validation/validate";
import { type Client, createClient, type SubscribePayload } from "graphql-ws";
import WebSocket from "ws";
import type { App } from "../../src/app";
import { corpus, type Hostile, ID, inOrganization, members } from "../support/hostile-corpus";
import { RunningService } from "../support/service";
import { connect, watch } from "../support/watching";

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  token = (await service.person()).token;
  await service.ask(token)("{ viewer { id } }");
});
afterAll(() => service.stop());

async function post(body: string, headers: Record<string, string> = {}, app: App = service.app) {
  const response = await fetch(`http://127.0.0.1:${app.port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
    body,
  });
  const answer = (await response.json()) as { data?: unknown; errors?: Array<{ message: string; extensions: object }> };
  return { status: response.status, answer };
}

type Refused = { data?: unknown; errors?: Array<{ message: string; extensions?: { code?: string } }> };
/** A transport does not carry it at all. */
const TOO_LONG = "too long for the transport";
const tooLong: Refused = { errors: [{ message: TOO_LONG, extensions: { code: "GRAPHQL_TOO_LONG" } }] };
const validating = jest.spyOn(validator, "validate");

/** Who refused a document, if not the one who had to; it must not have come as far as validation or SQL. */
async function mistakes({ name, query, refusals, isLimited }: Hostile, ask: (query: string) => Promise<Refused>) {
  const validated = validating.mock.calls.length;
  const statements = service.app.services.database.statements();
  const { data, errors } = await ask(query);
  const [{ message = "nothing", extensions } = {}] = errors ?? [];
  const isNamed = message === TOO_LONG || refusals.some((refusal) => refusal.test(message));
  const isCoded = /^GRAPHQL_|^BAD_USER_INPUT$/.test(extensions?.code ?? "");
  const wasValidated = validating.mock.calls.length > validated;
  const wasRun = (data ?? null) !== null || service.app.services.database.statements() > statements;
  if (isNamed && isCoded && !wasRun && !(isLimited && wasValidated)) return [];
  return [
    `${name}: ${extensions?.code}, ${message.slice(0, 100)}${wasValidated ? ", validated" : ""}${wasRun ? ", run" : ""}`,
  ];
}

test("the corpus is large", () => expect(corpus.length).toBeGreaterThanOrEqual(250));

test.each(corpus)("$name, is refused by what it is beyond", async (hostile) => {
  expect(await mistakes(hostile, async (query) => (await post(JSON.stringify({ query }))).answer)).toEqual([]);
});

test.each(corpus.filter(({ name }) => name.startsWith("deep ")))(
  "$name, is status 400 to those who look at it",
  async ({ query }) => {
    const { status, answer } = await post(JSON.stringify({ query }), { accept: "application/graphql-response+json" });
    expect([status, answer.errors?.length]).toEqual([400, 1]);
    expect(JSON.stringify(answer)).not.toContain("call stack");
  },
);

test.each([
  ["a body of two megabytes", JSON.stringify({ query: `# ${"x".repeat(2 << 20)}\n{ viewer { id } }` }), 413],
  ["a body that is no JSON", "{ viewer", 400],
  ["a batch", JSON.stringify(Array(100).fill({ query: "{ viewer { id } }" })), 400],
  ["lists in lists", "[".repeat(100_000) + "]".repeat(100_000), 400],
  ["no query", "{}", 400],
  ["a query that is a number", '{"query": 7}', 400],
  ["variables that are a list", '{"query": "{ viewer { id } }", "variables": [1]}', 400],
  [
    "nesting in JSON",
    `{"query": "{ viewer { id } }", "variables": ${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}, "x": }`,
    400,
  ],
])("%s is refused", async (_, body, status) => {
  const statements = service.app.services.database.statements();
  const { status: answered, answer } = await post(body);
  expect(answered).toBe(status);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: expect.stringMatching(/^BAD_/) });
  expect(service.app.services.database.statements()).toBe(statements);
});

test("at most 1,000 representations are resolved at once, however they come", async () => {
  const query = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Workspace { id } } }";
  const representations = (count: number) => Array.from({ length: count }, () => ({ __typename: "Workspace", id: ID }));
  const ask = async (count: number) =>
    (await post(JSON.stringify({ query, variables: { r: representations(count) } }))).answer;
  expect((await ask(1_000)).errors).toBeUndefined();
  expect((await ask(1_001)).errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
});

const cost = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { id ";
const EXPENSIVE = `${cost} ${members("workspaceAccess { role }")} } } }`;
const organizations = (count: number) => Array.from({ length: count }, () => ({ __typename: "Organization", id: ID }));
const refusedAs = async (body: object) => (await post(JSON.stringify(body))).answer.errors?.[0]?.extensions;

test("what variables make too expensive is refused, also of a document that was cheap before, or comes as its hash", async () => {
  const extensions = {
    persistedQuery: { version: 1, sha256Hash: createHash("sha256").update(EXPENSIVE).digest("hex") },
  };
  const tooMuch = { code: "GRAPHQL_VALIDATION_FAILED" };
  expect(await refusedAs({ query: EXPENSIVE, variables: { r: organizations(1_000) } })).toMatchObject(tooMuch);
  expect(await refusedAs({ query: EXPENSIVE, variables: { r: organizations(1) }, extensions })).toBeUndefined();
  expect(await refusedAs({ query: EXPENSIVE, variables: { r: organizations(1_000) } })).toMatchObject(tooMuch);
  expect(await refusedAs({ variables: { r: organizations(1_000) }, extensions })).toMatchObject(tooMuch);
  expect(await refusedAs({ variables: { r: organizations(1) }, extensions })).toBeUndefined();
});

// A list of documents may hold whatever the clients were built with: its limits are the same.
test("documents that come as the hash of one that is listed are refused all the same", async () => {
  const known = corpus.filter(({ name, query }) => name.endsWith("size 1") && isParsed(query));
  const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
  const file = path.join(service.directory, "hostile.json");
  writeFileSync(file, JSON.stringify(Object.fromEntries(known.map(({ query }) => [hashOf(query), query]))));
  const replica = await service.replica({ TRUSTED_DOCUMENTS: file }, { jobs: false });
  const extensions = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(query) } });
  // As Apollo Server has it, what is no text is no document, and 0 is as good as nothing.
  for (const text of [undefined, null, 0, false]) {
    const wrong: string[] = [];
    for (const hostile of known) {
      const body = (query: string) => JSON.stringify({ query: text, extensions: extensions(query) });
      wrong.push(...(await mistakes(hostile, async (query) => (await post(body(query), {}, replica)).answer)));
    }
    expect(wrong).toEqual([]);
  }
  expect(known.length).toBeGreaterThan(50);
});

function isParsed(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ["another version", { version: 2, sha256Hash: "a".repeat(64) }],
  ["no hash", { version: 1 }],
  ["a hash that is an object", { version: 1, sha256Hash: { a: 1 } }],
  ["a hash that is a list", { version: 1, sha256Hash: ["a"] }],
  ["a hash of great length", { version: 1, sha256Hash: "a".repeat(900_000) }],
  ["another document's hash", { version: 1, sha256Hash: "a".repeat(64) }],
  ["text", "persisted"],
])("persisted queries: %s is no way in", async (_, persistedQuery) => {
  const { answer } = await post(JSON.stringify({ query: "{ viewer { id } }", extensions: { persistedQuery } }));
  const code = (answer.errors?.[0]?.extensions as { code?: string } | undefined)?.code;
  // What is no persisted query at all is a query like any other.
  if (code) expect(code).toMatch(/^(BAD_REQUEST|PERSISTED_QUERY_\w+|BAD_USER_INPUT)$/);
  else expect(persistedQuery).toBe("text" as never);
});

const CHECKS = "query($c: [OrganizationPermissionCheck!]!) { organizationPermissions(checks: $c) { allowed } }";
const ENTITIES = "query($c: [_Any!]!) { _entities(representations: $c) { __typename } }";
const deep = (open: string, close: string) => {
  const times = 4_000 / open.replace(/[^[{]/g, "").length;
  return JSON.parse(`${open.repeat(times)}1${close.repeat(times)}`);
};
const MUTATION = "mutation($i: CreateOrganizationInput!) { createOrganization(input: $i) { __typename } }";

test.each([
  ["a list of wrong things", CHECKS, { c: Array(100_000).fill(1) }],
  ["lists 4,000 levels deep", CHECKS, { c: deep("[", "]") }],
  ["objects 4,000 levels deep", MUTATION, { i: deep('{"a":', "}") }],
  ["a representation 4,000 levels deep", ENTITIES, { c: [{ __typename: "User", id: deep('[{"a":', "}]") }] }],
  ["what nobody asked for, 4,000 levels deep", "{ viewer { id } }", { c: deep("[", "]") }],
  ["a list of nothing", CHECKS, { c: Array(100_000).fill({}) }],
  ["a list that is too long", CHECKS, { c: Array(5_000).fill({ organizationId: ID, permission: "MANAGE_BILLING" }) }],
  [
    "a list that is much too long",
    CHECKS,
    { c: Array(8_000).fill({ organizationId: ID, permission: "MANAGE_BILLING" }) },
  ],
  [
    "an object with many unknown fields",
    MUTATION,
    { i: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`nmae${n}`, 1])) },
  ],
  ["text of great length for an enum", CHECKS, { c: [{ organizationId: ID, permission: "X".repeat(900_000) }] }],
])("variables: %s is refused at once, without SQL", async (_, query, variables) => {
  const statements = service.app.services.database.statements();
  const body = JSON.stringify({ query, variables });
  const { answer } = await post(body);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
  expect(JSON.stringify(answer).length).toBeLessThan(20_000);
  expect(JSON.stringify(answer)).not.toContain("call stack");
  expect(service.app.services.database.statements()).toBe(statements);
});

test("a key for repeats has no variables walked that are 4,000 levels deep", async () => {
  const body = JSON.stringify({ query: MUTATION, variables: { i: deep('{"a":', "}") } });
  const { answer } = await post(body, { "idempotency-key": "deep" });
  expect(answer.errors?.[0]).toMatchObject({
    message: expect.stringContaining("64 levels"),
    extensions: { code: "BAD_USER_INPUT" },
  });
});

/** The first result of an operation over a socket, or what ended it. */
function subscribe(client: Client, request: object): Promise<Refused> {
  return new Promise((resolve) => {
    let received: Refused = {};
    client.subscribe(request as SubscribePayload, {
      next: (result) => {
        received = result as Refused;
      },
      error: (error) => {
        if (Array.isArray(error)) resolve({ errors: error });
        // A message that is too big ends the socket.
        else resolve((error as { code?: number } | null)?.code === 1009 ? tooLong : received);
      },
      complete: () => resolve(received),
    });
  });
}

describe("over every other way in", () => {
  const ways: Record<string, () => Promise<{ ask(query: string): Promise<Refused>; stop?(): void }>> = {
    "a GET": async () => ({
      ask: async (query) => {
        const url = `http://127.0.0.1:${service.app.port}/graphql?query=${encodeURIComponent(query)}`;
        const headers = { authorization: `Bearer ${token}`, "apollo-require-preflight": "1" };
        const response = await fetch(url, { headers });
        // What does not fit into an address is refused by the server before anything else.
        return response.status === 431 ? tooLong : await response.json();
      },
    }),
    "a WebSocket": async () => {
      const client = createClient({
        url: `ws://127.0.0.1:${service.app.port}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      const ask = (query: string) => subscribe(client, { query });
      return { ask, stop: () => void client.dispose() };
    },
    "a callback": async () => {
      // Nobody listens there: what is refused must not reach it.
      const callbackUrl = "http://127.0.0.1:9/callback";
      const replica = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: callbackUrl }, { jobs: false });
      const subscription = { callbackUrl, subscriptionId: "s", verifier: "v" };
      return {
        ask: async (query) => {
          const response = await fetch(`http://127.0.0.1:${replica.port}/graphql`, {
            method: "POST",
            headers: {
              "content-type": "application/json",
              accept: "application/json;callbackSpec=1.0",
              authorization: `Bearer ${token}`,
            },
            body: JSON.stringify({ query, extensions: { subscription } }),
          });
          return await response.json();
        },
      };
    },
    "an event stream": async () => ({
      ask: async (query) => {
        const headers = {
          "content-type": "application/json",
          accept: "text/event-stream",
          authorization: `Bearer ${token}`,
        };
        const url = `http://127.0.0.1:${service.app.port}/graphql/stream`;
        const text = await (await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) })).text();
        return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as Refused;
      },
    }),
  };

  test.each(Object.keys(ways))("%s refuses them all the same", async (name) => {
    const way = await (ways[name] as (typeof ways)[string])();
    await way.ask("{ viewer { id } }");
    const wrong: string[] = [];
    for (const hostile of corpus) wrong.push(...(await mistakes(hostile, way.ask)));
    expect(wrong).toEqual([]);
    way.stop?.();
  });
});

test("an operation that takes too long is stopped, and so is its SQL", async () => {
  const impatient = await service.replica({ OPERATION_DEADLINE_MS: "300" }, { jobs: false });
  const { dataSource } = service.app.services.database;
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query("LOCK TABLE member, organization IN ACCESS EXCLUSIVE MODE");
  const ask = service.ask(token, impatient);
  const documents = [
    "{ viewer { memberships { id } } }",
    inOrganization("id"),
    `mutation { createOrganization(input: { name: "Late" }) { __typename } }`,
  ];
  for (const document of documents) {
    const { errors, data } = await ask(document);
    expect(errors?.[0]?.extensions.code).toBe("DEADLINE_EXCEEDED");
    expect(data ?? null).toBeNull();
  }
  const waiting = async () => {
    const [row] = await runner.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return row.n as number;
  };
  const givenUpBy = Date.now() + 5_000;
  while ((await waiting()) > 0) expect(Date.now()).toBeLessThan(givenUpBy);
  await runner.rollbackTransaction();
  await runner.release();
  expect((await ask("{ viewer { memberships { organization { name } } } }")).data.viewer.memberships).toHaveLength(1);
});

test("pages of listed origins may call, others may not; forged forms are refused", async () => {
  const replica = await service.replica({ CORS_ORIGINS: "https://app.example,https://two.example" }, { jobs: false });
  const url = `http://127.0.0.1:${replica.port}/graphql`;
  const preflight = async (origin: string, to = url) => {
    const headers = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    };
    const { headers: received } = await fetch(to, { method: "OPTIONS", headers });
    return received.get("access-control-allow-origin");
  };
  expect(await preflight("https://two.example")).toBe("https://two.example");
  expect(await preflight("https://evil.example")).toBeNull();
  expect(await preflight("https://app.example", `http://127.0.0.1:${service.app.port}/graphql`)).toBeNull();
  const form = { method: "POST", headers: { "content-type": "text/plain" }, body: '{"query":"{ plans { code } }"}' };
  expect((await fetch(url, form)).status).toBeGreaterThanOrEqual(400);
  expect((await fetch(`${url}?query={plans{code}}`)).status).toBe(400);
  const preflighted = { headers: { "apollo-require-preflight": "1" } };
  expect((await fetch(`${url}?query=mutation{__typename}`, preflighted)).status).toBe(405);
});

describe("production tells nobody its schema", () => {
  let replica: App;
  beforeAll(async () => {
    replica = await service.replica({ INTROSPECTION: "false" }, { jobs: false });
  });

  test.each([
    ["introspection", "{ __schema { queryType { name } } }"],
    ["introspection of a type", '{ __type(name: "User") { name } }'],
    ["introspection in a fragment", "{ ...F } fragment F on Query { __schema { types { name } } }"],
    ["introspection beside something else", "{ viewer { id } __schema { types { name } } }"],
  ])("%s is refused", async (_, query) => {
    const { errors, data } = await service.ask(token, replica)(query);
    expect(errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(data ?? null).toBeNull();
  });

  test.each([
    ["a field", "{ viewr { id } }", {}],
    ["an argument", '{ organization(ix: "x") { id } }', {}],
    ["a type", "{ viewer { ... on Usr { id } } }", {}],
    ["a fragment", "{ viewer { ...Frag } } fragment Fra on User { id }", {}],
    ["a directive", "{ viewer { id @inclde(if: true) } }", {}],
    [
      "an enum's value",
      `mutation { changeMemberRole(input: { organizationId: "x", memberId: "x", role: OWNR }) { __typename } }`,
      {},
    ],
    ["an input's field", 'mutation { createOrganization(input: { nme: "x" }) { __typename } }', {}],
    ["an input's field in a variable", MUTATION, { i: { nme: "x", name: "y" } }],
    ["an enum's value in a variable", CHECKS, { c: [{ organizationId: ID, permission: "MANAGE_BILING" }] }],
    [
      "a variable's type",
      "query($c: [OrganizationPermissionChek!]!) { organizationPermissions(checks: $c) { allowed } }",
      { c: [] },
    ],
  ])("%s that is misspelt gets no suggestion", async (_, query, variables) => {
    const answers = [
      (await service.ask(token, replica)(query, variables)).errors,
      (await watch(connect(replica.port, token), query, variables).over())[0]?.errors,
    ];
    for (const errors of answers) {
      expect(errors?.[0]?.message).toEqual(expect.any(String));
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
    }
  });
});
