import type { App } from "../../src/app";
import { ID, inOrganization } from "../support/hostile-parts";
import { RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  token = (await service.person()).token;
  await service.ask(token)("{ viewer { id } }");
});
afterAll(() => service.stop());

const CHECKS = "query($c: [OrganizationPermissionCheck!]!) { organizationPermissions(checks: $c) { allowed } }";
const MUTATION = "mutation($i: CreateOrganizationInput!) { createOrganization(input: $i) { __typename } }";

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
  // PostgreSQL cancels the statement shortly after the service has responded.
  while ((await waiting()) > 0);
  await runner.rollbackTransaction();
  await runner.release();
  const found = await service.ask(token)("{ viewer { memberships { organization { name } } } }");
  expect(found.data.viewer.memberships).toHaveLength(1);
});

test("pages of listed origins can send requests and read Retry-After, others cannot, and forged forms are refused", async () => {
  const replica = await service.replica({ CORS_ORIGINS: "https://app.example,https://two.example" }, { jobs: false });
  const url = `http://127.0.0.1:${replica.port}/graphql`;
  let longest: string | null = null;
  const preflight = async (origin: string, to = url) => {
    const headers = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    };
    const { headers: received } = await fetch(to, { method: "OPTIONS", headers });
    longest = received.get("access-control-max-age");
    return received.get("access-control-allow-origin");
  };
  expect(await preflight("https://two.example")).toBe("https://two.example");
  expect(longest).toBe("600");
  expect(await preflight("https://evil.example")).toBeNull();
  expect(await preflight("https://app.example", `http://127.0.0.1:${service.app.port}/graphql`)).toBeNull();
  const { headers: received } = await fetch(url, { headers: { origin: "https://two.example" } });
  expect(received.get("access-control-expose-headers")).toBe("retry-after");
  const form = { method: "POST", headers: { "content-type": "text/plain" }, body: '{"query":"{ plans { code } }"}' };
  expect((await fetch(url, form)).status).toBeGreaterThanOrEqual(400);
  expect((await fetch(`${url}?query={plans{code}}`)).status).toBe(400);
  const preflighted = { headers: { "apollo-require-preflight": "1" } };
  expect((await fetch(`${url}?query=mutation{__typename}`, preflighted)).status).toBe(405);
});

test("a response lists at most ten errors of a document, and three of its variables", async () => {
  const ask = service.ask(token);
  const document = await ask(`{ ${Array.from({ length: 25 }, (_, n) => `unknown${n}`).join(" ")} }`);
  expect(document.errors?.length).toBe(11);
  expect(document.errors?.at(-1)?.message).toMatch(/Too many validation errors/);
  const checks = Array.from({ length: 25 }, () => ({}));
  const variables = await ask(CHECKS, { c: checks });
  expect(variables.errors?.length).toBe(4);
  expect(variables.errors?.at(-1)).toMatchObject({
    message: expect.stringMatching(/^Too many errors processing variables/),
    extensions: { code: "BAD_USER_INPUT" },
  });
});

describe("production does not expose its schema", () => {
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
  ])("the error about misspelled %s has no suggestion", async (_, query, variables) => {
    const answers = [
      (await service.ask(token, replica)(query, variables)).errors,
      (await subscribeBySocket(connect(replica.port, token), query, variables).over())[0]?.errors,
    ];
    for (const errors of answers) {
      expect(errors?.[0]?.message).toEqual(expect.any(String));
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
    }
  });
});
