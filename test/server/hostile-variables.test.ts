import { createHash } from "node:crypto";
import { AttackedService } from "../support/attacked-service";
import { ID, members } from "../support/hostile-parts";
import type { RunningService } from "../support/service";
import { subscribeByEvents } from "../support/test-subscription";

let attacked: AttackedService;
let service: RunningService;
beforeAll(async () => {
  attacked = await AttackedService.start();
  ({ service } = attacked);
});
afterAll(() => service.stop());

test("at most 1,000 representations are resolved at once", async () => {
  const query = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Workspace { id } } }";
  const representations = (count: number) => Array.from({ length: count }, () => ({ __typename: "Workspace", id: ID }));
  const ask = async (count: number) =>
    (await attacked.post(JSON.stringify({ query, variables: { r: representations(count) } }))).answer;
  expect((await ask(1_000)).errors).toBeUndefined();
  expect((await ask(1_001)).errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
});

const cost = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { id ";
const EXPENSIVE = `${cost} ${members("workspaceAccess { role }")} } } }`;
const organizations = (count: number) => Array.from({ length: count }, () => ({ __typename: "Organization", id: ID }));
const refusedAs = async (body: object) => (await attacked.post(JSON.stringify(body))).answer.errors?.[0]?.extensions;

test("a document that variables make too expensive is refused, even if it was cheap before or is sent as a hash", async () => {
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

test.each([
  ["another version", { version: 2, sha256Hash: "a".repeat(64) }],
  ["no hash", { version: 1 }],
  ["a hash that is an object", { version: 1, sha256Hash: { a: 1 } }],
  ["a hash that is a list", { version: 1, sha256Hash: ["a"] }],
  ["a hash of great length", { version: 1, sha256Hash: "a".repeat(900_000) }],
  ["another document's hash", { version: 1, sha256Hash: "a".repeat(64) }],
  ["text", "persisted"],
])("persisted queries: %s is refused", async (_, persistedQuery) => {
  const { answer } = await attacked.post(
    JSON.stringify({ query: "{ viewer { id } }", extensions: { persistedQuery } }),
  );
  const code = (answer.errors?.[0]?.extensions as { code?: string } | undefined)?.code;
  // A value that is not a persisted query is ignored.
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
  ["an undeclared variable, 4,000 levels deep", "{ viewer { id } }", { c: deep("[", "]") }],
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
])("variables: %s is refused without SQL", async (_, query, variables) => {
  const statements = service.app.services.database.statementCount();
  const body = JSON.stringify({ query, variables });
  const { answer } = await attacked.post(body);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
  expect(JSON.stringify(answer).length).toBeLessThan(20_000);
  expect(JSON.stringify(answer)).not.toContain("call stack");
  expect(service.app.services.database.statementCount()).toBe(statements);
});

test("a document gets ten errors at most, and its variables three", async () => {
  const wrong = { c: Array(100).fill(1) };
  const fields = Array.from({ length: 100 }, (_, n) => `none${n}`).join(" ");
  const { answer } = await attacked.post(JSON.stringify({ query: `{ viewer { ${fields} } }` }));
  expect(answer.errors).toHaveLength(10 + 1);
  const interpreted = await attacked.post(JSON.stringify({ query: CHECKS, variables: wrong }));
  expect(interpreted.answer.errors).toHaveLength(3 + 1);
  const SUBSCRIPTION = "subscription($c: [String!]) { organizationEvents(types: $c) { cursor } }";
  const stream = await subscribeByEvents(service.app.port, attacked.token, SUBSCRIPTION, wrong);
  expect((await stream.over())[0]?.errors).toHaveLength(3 + 1);
});

test("an Idempotency-Key does not make the service walk variables that are 4,000 levels deep", async () => {
  const body = JSON.stringify({ query: MUTATION, variables: { i: deep('{"a":', "}") } });
  const { answer } = await attacked.post(body, { "idempotency-key": "deep" });
  expect(answer.errors?.[0]).toMatchObject({
    message: expect.stringContaining("64 levels"),
    extensions: { code: "BAD_USER_INPUT" },
  });
});
