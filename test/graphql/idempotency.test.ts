import { type App } from "../../src/app";
import { RETENTION_MS } from "../../src/store/idempotency";
import { RunningService } from "../support/service";

let service: RunningService;
let second: App;
beforeAll(async () => {
  service = await RunningService.start();
  second = await service.replica();
});
afterAll(() => service.stop());

const CREATE = `mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { __typename
  ... on CreateOrganizationSuccess { organization { id name members { totalCount } } } ... on Refusal { code } } }`;
const LEAVE = `mutation($input: LeaveOrganizationInput!) { leaveOrganization(input: $input) { __typename
  ... on LeaveOrganizationSuccess { organizationId } ... on Refusal { code } } }`;
const key = (value: string) => ({ "idempotency-key": value });

test("a repeated request gets the first response and has no second effect", async () => {
  const { ask } = await service.person();
  const first = await ask(CREATE, { input: { name: "Once" } }, key("k1"));
  const { id } = first.data.createOrganization.organization;
  await ask(`mutation { updateOrganization(input: { organizationId: "${id}", name: "Renamed" }) { __typename } }`);
  expect(await ask(CREATE, { input: { name: "Once" } }, key("k1"))).toEqual(first);
  const { data } = await ask("{ viewer { memberships { organization { name } } } }");
  expect(data.viewer.memberships).toHaveLength(2);
});

test("two simultaneous requests at two replicas have one effect and get the same response", async () => {
  const { ask, token } = await service.person();
  const elsewhere = service.ask(token, second);
  await ask("{ __typename }");
  for (let round = 0; round < 20; round++) {
    const send = [ask, elsewhere, ask, elsewhere].map((each) =>
      each(CREATE, { input: { name: "Both" } }, key(`both-${round}`)),
    );
    const ids = (await Promise.all(send)).map(({ data }) => data.createOrganization.organization.id);
    expect(new Set(ids).size).toBe(1);
  }
});

test("the same key with another request is refused", async () => {
  const { ask } = await service.person();
  await ask(CREATE, { input: { name: "One" } }, key("k"));
  const other = await ask(CREATE, { input: { name: "Other" } }, key("k"));
  expect(other.data.createOrganization).toEqual({ __typename: "Refusal", code: "IDEMPOTENCY_KEY_REUSED" });
  const stored = "SELECT count(*)::int AS n FROM idempotent_answer WHERE key = 'k' AND other_responses <> '{}'";
  expect(await service.app.services.database.dataSource.query(stored)).toEqual([{ n: 0 }]);
});

test("the first response is repeated even if its effect took away the right to send the request", async () => {
  const { ask } = await service.person();
  const { data } = await ask(CREATE, { input: { name: "Left" } });
  const organizationId = data.createOrganization.organization.id;
  const remove = `mutation($input: DeleteOrganizationInput!) { deleteOrganization(input: $input) { ... on DeleteOrganizationSuccess { organizationId restorableUntil } } }`;
  const input = { organizationId, confirmName: "Left" };
  const first = await ask(remove, { input }, key("gone"));
  expect(first.data.deleteOrganization.organizationId).toBe(organizationId);
  expect(await ask(remove, { input }, key("gone"))).toEqual(first);
});

test("a refusal is repeated, too", async () => {
  const { ask } = await service.person();
  const { data } = await ask("{ viewer { memberships { organization { id } } } }");
  const input = { organizationId: data.viewer.memberships[0].organization.id };
  const first = await ask(LEAVE, { input }, key("leave"));
  expect(first.data.leaveOrganization).toEqual({ __typename: "Refusal", code: "LAST_OWNER" });
  expect(await ask(LEAVE, { input }, key("leave"))).toEqual(first);
});

/** The exact response, over HTTP or as the only result of an event stream. */
async function sent(
  path: "/graphql" | "/graphql/stream",
  token: string,
  name: string,
  idempotencyKey: string,
): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${service.app.port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...key(idempotencyKey) },
    body: JSON.stringify({ query: CREATE, variables: { input: { name } } }),
  });
  return await response.text();
}

test.each(["/graphql", "/graphql/stream"] as const)("a repeated response over %s has the same bytes", async (path) => {
  const { token } = await service.person();
  const first = await sent(path, token, "Letter", "to-the-letter");
  expect(first).toContain('{"createOrganization":{"__typename":"CreateOrganizationSuccess","organization":{"id":');
  expect(await sent(path, token, "Letter", "to-the-letter")).toBe(first);
  expect(await sent(path, token, "Another", "to-the-letter")).toContain("IDEMPOTENCY_KEY_REUSED");
});

test("a key belongs to its caller and has 1 to 255 characters", async () => {
  const [a, b] = [await service.person(), await service.person()];
  const created = await Promise.all([a, b].map(({ ask }) => ask(CREATE, { input: { name: "Mine" } }, key("shared"))));
  expect(new Set(created.map(({ data }) => data.createOrganization.organization.id)).size).toBe(2);
  for (const wrong of ["", "k".repeat(256)]) {
    const { errors } = await a.ask(CREATE, { input: { name: "Wrong" } }, key(wrong));
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  }
  expect((await a.ask(CREATE, { input: { name: "Long" } }, key("k".repeat(255)))).errors).toBeUndefined();
});

test("the repeated response has the input in its original spelling", async () => {
  const { ask } = await service.person();
  const { data } = await ask(CREATE, { input: { name: "Typo" } });
  const organizationId = data.createOrganization.organization.id;
  const invite = `mutation($input: InviteMembersInput!) { inviteMembers(input: $input) { ... on InviteMembersSuccess { skipped { email reason } } } }`;
  const input = { organizationId, emails: ["a\u0000b", "\ud800", "x"], role: "VIEWER" };
  const first = await ask(invite, { input }, key("typed"));
  expect(first.data.inviteMembers.skipped).toEqual(
    ["a\uFFFDb", "\uFFFD", "x"].map((email) => ({ email, reason: "INVALID_EMAIL" })),
  );
  expect(await ask(invite, { input }, key("typed"))).toEqual(first);
});

test("a response is repeated for 24 hours to the millisecond, deleted by the job or not; then the request is new", async () => {
  const now = new Date();
  const still = await RunningService.start({}, { clock: { now: () => now }, jobs: false });
  const { ask } = await still.person();
  const { database } = still.app.services;
  const create = () => ask(CREATE, { input: { name: "Aging" } }, key("aging"));
  const first = await create();
  const age = (milliseconds: number) =>
    database.dataSource.query("UPDATE idempotent_answer SET created_at = $1", [new Date(now.getTime() - milliseconds)]);
  await age(RETENTION_MS - 1);
  expect(await create()).toEqual(first);
  await age(RETENTION_MS);
  const second = await create();
  expect(second.data.createOrganization.organization.id).not.toBe(first.data.createOrganization.organization.id);
  expect(await create()).toEqual(second);
  // Another request can use the key once it is forgotten.
  await age(RETENTION_MS - 1);
  const other = () => ask(CREATE, { input: { name: "Other" } }, key("aging"));
  expect((await other()).data.createOrganization.code).toBe("IDEMPOTENCY_KEY_REUSED");
  await age(RETENTION_MS);
  expect((await other()).data.createOrganization.organization.name).toBe("Other");
  // The same holds for mutations that call another service first, and look up the response before.
  const organizationId = first.data.createOrganization.organization.id;
  const change = (planCode: string) =>
    ask(
      `mutation { changePlan(input: { organizationId: "${organizationId}", planCode: "${planCode}" })
        { __typename ... on Refusal { code } } }`,
      {},
      key("plan"),
    );
  expect((await change("STANDARD")).data.changePlan.__typename).toBe("ChangePlanSuccess");
  await age(RETENTION_MS - 1);
  expect((await change("ADVANCED")).data.changePlan.code).toBe("IDEMPOTENCY_KEY_REUSED");
  await age(RETENTION_MS);
  expect((await change("ADVANCED")).data.changePlan.__typename).toBe("ChangePlanSuccess");
  await still.stop();
});

test("responses stored by an earlier release are repeated, and another request with their key is refused", async () => {
  const { ask } = await service.person();
  const first = await ask(CREATE, { input: { name: "Old" } }, key("old"));
  const { dataSource } = service.app.services.database;
  await dataSource.query(
    "UPDATE idempotent_answer SET operation = NULL, field_hashes = '{}', response = NULL WHERE key = 'old'",
  );
  expect(await ask(CREATE, { input: { name: "Old" } }, key("old"))).toEqual(first);
  await dataSource.query("UPDATE idempotent_answer SET response = NULL WHERE key = 'old'");
  const other = await ask(CREATE, { input: { name: "New" } }, key("old"));
  expect(other.data.createOrganization).toEqual({ __typename: "Refusal", code: "IDEMPOTENCY_KEY_REUSED" });
});

test("a repeat with another selection gets the first outcome, each selection with its own first response", async () => {
  const { ask } = await service.person();
  const short = `mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) {
    ... on CreateOrganizationSuccess { organization { name } } } }`;
  const input = { name: "First" };
  const first = await ask(CREATE, { input }, key("select"));
  const { id } = first.data.createOrganization.organization;
  const shortly = await ask(short, { input }, key("select"));
  expect(shortly.data.createOrganization).toEqual({ organization: { name: "First" } });
  await ask(`mutation { updateOrganization(input: { organizationId: "${id}", name: "Renamed" }) { __typename } }`);
  expect(await ask(CREATE, { input }, key("select"))).toEqual(first);
  expect(await ask(short, { input }, key("select"))).toEqual(shortly);
});
