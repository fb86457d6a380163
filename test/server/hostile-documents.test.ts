import { getIntrospectionQuery } from "graphql";
import { RunningService } from "../support/service";

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  token = (await service.person()).token;
  await service.ask(token)("{ viewer { id } }");
});
afterAll(() => service.stop());

const CPU_MS = 100;
const ID = "01900000-0000-7000-8000-000000000000";
const times = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(" ");
const nested = (depth: number, open: string, core: string) =>
  `${`${open} { `.repeat(depth)}${core}${" }".repeat(depth)}`;
const inOrganization = (selection: string) => `{ organization(id: "${ID}") { ${selection} } }`;
const members = (below: string) => `members(first: 100) { nodes { ${below} } }`;

/** Families of hostile documents, each in several sizes. */
const families: Record<string, (size: number) => string> = {
  "levels of objects": (n) => inOrganization(nested(n * 10, "viewerMember { organization", "id") + " }".repeat(n * 10)),
  "levels under inline fragments": (n) => `{ ${nested(n * 20, "viewer { ... on User", "id }".repeat(n * 20))}`,
  "levels of lists": (n) => inOrganization(nested(n + 1, members("organization"), "id").replaceAll("} }", "}")),
  "pages below pages": (n) =>
    inOrganization(
      `${`members(first: 100) { nodes { workspaceAccess { workspace { access(first: 100) { nodes { member { organization { `.repeat(n)}id${" } } } } } } } } }".repeat(n)}`,
    ),
  "pages below pages, by variables": (n) =>
    `query($n: Int = 100) { organization(id: "${ID}") { ${"workspaces(first: $n) { nodes { organization { members(first: $n) { nodes { organization { ".repeat(n + 1)}id${" } } } } } }".repeat(n + 1)} } }`,
  aliases: (n) => `{ viewer { ${times(n * 101, (i) => `a${i}: id`)} } }`,
  "aliased root fields": (n) => `{ ${times(n * 31, (i) => `a${i}: viewer { id }`)} }`,
  "root fields": (n) =>
    `mutation { ${times(n * 40, (i) => `a${i}: createOrganization(input: { name: "x" }) { __typename }`)} }`,
  "the same field": (n) => `{ viewer { ${"id ".repeat(n * 1_001)}} }`,
  "the same object": (n) => `{ ${"viewer { id } ".repeat(n * 501)}}`,
  directives: (n) => `{ viewer { id ${times(n * 51, () => "@skip(if: false)")} } }`,
  "unknown directives": (n) => `{ viewer { id ${times(n * 51, (i) => `@nothing${i}`)} } }`,
  "fragments that double": (n) =>
    `{ viewer { ...f0 } } ${times(20 + n, (i) => `fragment f${i} on User { id ...f${i + 1} ...f${i + 1} memberships { user { ...f${i + 1} } } }`)} fragment f${20 + n} on User { id }`,
  "fragments in a circle": (n) =>
    `{ viewer { ...f0 } } ${times(n + 1, (i) => `fragment f${i} on User { ...f${(i + 1) % (n + 1)} }`)}`,
  "a fragment in itself": (n) =>
    `{ viewer { ...f } } fragment f on User { ${"id ".repeat(n)} memberships { user { ...f } } }`,
  fragments: (n) => `{ viewer { ...f0 } } ${times(n * 101, (i) => `fragment f${i} on User { id }`)}`,
  "spreads of one fragment": (n) => `{ viewer { ${"...f ".repeat(n * 1_001)} } } fragment f on User { id }`,
  operations: (n) => times(n * 1_001, (i) => `query q${i} { viewer { id } }`),
  "tokens in a list": (n) => `{ organizationPermissions(checks: [${"1 ".repeat(n * 10_001)}]) { allowed } }`,
  "brackets without end": (n) => `{ organizationPermissions(checks: ${"[".repeat(n * 3_000)}`,
  "braces without end": (n) => "{ a ".repeat(n * 3_000),
  "types of types": (n) => `{ __schema { types { ${nested(n + 3, "fields { type", "name")} ${"} ".repeat(n + 3)} } } }`,
  "deep types": (n) => `{ __type(name: "Query") { ${nested(n * 20, "ofType", "name")} } }`,
  "introspection, again and again": (n) =>
    `{ ${times(n + 3, (i) => `a${i}: __schema { types { fields { args { type { name } } type { fields { name type { fields { name } } } } } } }`)} }`,
  "unknown fields": (n) => `{ ${times(n * 20, (i) => `nothing${i}`)} }`,
  "deep input": (n) =>
    `{ organizationPermissions(checks: ${"{ a: ".repeat(n * 500)}1${" }".repeat(n * 500)}) { allowed } }`,
};

const corpus = Object.entries(families).flatMap(([family, make]) =>
  [1, 2, 3, 5].map((size) => [family, size, make(size)] as const),
);

async function post(body: string, headers: Record<string, string> = {}) {
  const before = process.cpuUsage();
  const response = await fetch(`http://127.0.0.1:${service.app.port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
    body,
  });
  const answer = (await response.json()) as { data?: unknown; errors?: Array<{ message: string; extensions: object }> };
  const { user, system } = process.cpuUsage(before);
  return { status: response.status, answer, cpuMs: (user + system) / 1000 };
}

test("the corpus is large", () => expect(corpus.length).toBeGreaterThanOrEqual(100));

test.each(corpus)("%s, size %i, are refused at once", async (_family, _size, query) => {
  const statements = service.app.services.database.statements();
  const { answer, cpuMs } = await post(JSON.stringify({ query }));
  expect(answer.data ?? null).toBeNull();
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: expect.stringMatching(/^GRAPHQL_|^BAD_USER_INPUT$/) });
  expect(cpuMs).toBeLessThan(CPU_MS);
  expect(service.app.services.database.statements()).toBe(statements);
});

test.each([
  ["a body of two megabytes", JSON.stringify({ query: `# ${"x".repeat(2 << 20)}\n{ viewer { id } }` }), 413],
  ["a body that is no JSON", "{ viewer", 400],
  ["a batch", JSON.stringify(Array(100).fill({ query: "{ viewer { id } }" })), 400],
  ["no query", "{}", 400],
  ["a query that is a number", '{"query": 7}', 400],
  ["variables that are a list", '{"query": "{ viewer { id } }", "variables": [1]}', 400],
  [
    "nesting in JSON",
    `{"query": "{ viewer { id } }", "variables": ${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}, "x": }`,
    400,
  ],
])("%s is refused", async (_, body, status) => {
  const { status: answered, cpuMs } = await post(body);
  expect(answered).toBe(status);
  expect(cpuMs).toBeLessThan(CPU_MS);
});

test("at most 1,000 representations are resolved at once, however they come", async () => {
  const query = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Workspace { id } } }";
  const representations = (count: number) => Array.from({ length: count }, () => ({ __typename: "Workspace", id: ID }));
  const ask = async (count: number) =>
    (await post(JSON.stringify({ query, variables: { r: representations(count) } }))).answer;
  expect((await ask(1_000)).errors).toBeUndefined();
  expect((await ask(1_001)).errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
});

test("what the clients and their tools ask for is well within the limits", async () => {
  const page =
    inOrganization(`id ${members("id role user { id name } invitedBy { name } workspaceAccess { role workspace { name } }")}
    workspaces(first: 100) { nodes { id name } } invitations(first: 100) { nodes { email workspaceGrants { workspaceName } } }`);
  const ten = `{ ${times(10, (n) => `o${n}: organization(id: "${ID}") { id ${members("id role user { id name email }")} }`)} }`;
  for (const query of [page, ten, getIntrospectionQuery()]) {
    expect((await post(JSON.stringify({ query }))).answer.errors).toBeUndefined();
  }
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
    const { headers: told } = await fetch(to, { method: "OPTIONS", headers });
    return told.get("access-control-allow-origin");
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

test("production tells nobody its schema, neither by introspection nor by suggestions", async () => {
  const replica = await service.replica({ INTROSPECTION: "false" }, { jobs: false });
  const { errors } = await service.ask(token, replica)("{ __schema { queryType { name } } }");
  expect(errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  const misspelt = await service.ask(token, replica)("{ viewr { id } }");
  expect(misspelt.errors?.[0]?.message).not.toMatch(/did you mean/i);
});
