import { begun } from "../support/begun-streams";
import { RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

// A variable with a default may be used where null is not allowed, and is an error only if its value is null. That must
// be a client error with the same message each time.

let service: RunningService;
let token: string;
let organizationId: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  const person = await service.person();
  token = person.token;
  const { data } = await person.ask("{ viewer { memberships { organization { id } } } }");
  organizationId = data.viewer.memberships[0].organization.id;
  const upgrade = `mutation($i: ChangePlanInput!) { changePlan(input: $i) { __typename } }`;
  const upgraded = await person.ask(upgrade, { i: { organizationId, planCode: "ADVANCED" } });
  expect(upgraded.data.changePlan.__typename).toBe("ChangePlanSuccess");
});
afterAll(() => service.stop());

const TIMES = 4;
async function answers(query: string, variables: Record<string, unknown> | undefined): Promise<string[]> {
  const ask = service.ask(token);
  const received: string[] = [];
  for (let time = 0; time < TIMES; time++) received.push(JSON.stringify(await ask(query, variables)));
  return received;
}

const RANGE = `to: "2026-02-01T00:00:00Z", from: "2026-01-01T00:00:00Z"`;
const subscription = (usage: string) => `{ organization(id: "%") { id subscription { usage { ${usage} } } } }`;

test.each([
  [
    "an ID",
    `query($o: ID = "x") { organization(id: $o) { id members { nodes { id } } } }`,
    { o: null },
    "organization",
  ],
  [
    "an enum with a default of the field",
    `query($i: UsageInterval) ${subscription(`trend(interval: $i, ${RANGE}) { calls }`)}`,
    { i: null },
    "trend",
  ],
  [
    "a time",
    `query($t: DateTime = "2026-01-01T00:00:00Z") ${subscription(`trend(from: $t, to: "2026-02-01T00:00:00Z") { calls }`)}`,
    { t: null },
    "trend",
  ],
  [
    "a list of objects",
    `query($c: [OrganizationPermissionCheck!] = []) { organizationPermissions(checks: $c) { allowed } }`,
    { c: null },
    "organizationPermissions",
  ],
  [
    "a field of an object",
    `query($i: ID = "x") { organizationPermissions(checks: [{ organizationId: $i, permission: MANAGE_BILLING }]) { allowed } }`,
    { i: null },
    "organizationPermissions",
  ],
  [
    "a list's item",
    `query($r: _Any = 1) { _entities(representations: [$r]) { __typename } }`,
    { r: null },
    "_entities",
  ],
  ["a field's condition", `query($b: Boolean = true) { viewer { id @include(if: $b) } }`, { b: null }, "viewer"],
])("null for %s is BAD_USER_INPUT with the same message each time", async (_, query, variables, path) => {
  const received = await answers(query.replace("%", organizationId), variables);
  expect(new Set(received).size).toBe(1);
  const { errors } = JSON.parse(received[0] ?? "");
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ extensions: { code: "BAD_USER_INPUT" } });
  expect(errors[0].path).toContain(path);
  expect(errors[0].message).not.toContain("Something went wrong");
});

test("null for the condition of a root field is BAD_USER_INPUT with the same message each time", async () => {
  const received = await answers("query($b: Boolean = true) { viewer @include(if: $b) { id } }", { b: null });
  expect(new Set(received).size).toBe(1);
  expect(JSON.parse(received[0] ?? "")).toMatchObject({
    data: null,
    errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
  });
});

test.each([
  ["Boolean! = false", "query($v: Boolean! = false) { viewer { id name @include(if: $v) } }"],
  ["ID! = …", `query($v: ID! = "%") { organization(id: $v) { id members { nodes { id } } } }`],
  ["Int = 1", `query($v: Int = 1) { organization(id: "%") { members(first: $v) { nodes { id } } } }`],
  [
    "[OrganizationRole!] = [OWNER]",
    `query($v: [OrganizationRole!] = [OWNER]) { organization(id: "%") { members(roles: $v) { nodes { id } } } }`,
  ],
  [
    "UsageInterval! = WEEK",
    `query($v: UsageInterval! = WEEK) ${subscription(`trend(interval: $v, ${RANGE}) { calls at }`)}`,
  ],
  [
    "DateTime! = …",
    `query($v: DateTime! = "2026-01-01T00:00:00Z") ${subscription(`trend(from: $v, to: "2026-01-02T00:00:00Z") { at }`)}`,
  ],
  [
    "[OrganizationPermissionCheck!]! = …",
    `query($v: [OrganizationPermissionCheck!]! = [{ organizationId: "%", permission: MANAGE_BILLING }]) { organizationPermissions(checks: $v) { allowed } }`,
  ],
])("the default of %s applies each time", async (_, query) => {
  const received = await answers(query.replaceAll("%", organizationId), undefined);
  expect(new Set(received).size).toBe(1);
  expect(JSON.parse(received[0] ?? "").errors).toBeUndefined();
});

test("defaults and conditions apply to every event of a stream", async () => {
  const client = connect(service.app.port, token);
  const document = `subscription($no: Boolean! = false, $yes: Boolean = true, $o: ID!) {
    invitationChanged(organizationId: $o) {
      change @include(if: $no)
      first: invitation { email ...R @include(if: $no) ...R @skip(if: $yes) }
      invitation { email ...R }
    }
  } fragment R on Invitation { role }`;
  const stream = await begun(service.app.live, () => subscribeBySocket(client, document, { o: organizationId }));
  const emails = ["one@example.com", "two@example.com", "three@example.com"];
  for (const email of emails) await invite(email);
  const received = await stream.count(emails.length);
  expect(received).toEqual(
    emails.map((email) => ({
      data: { invitationChanged: { first: { email }, invitation: { email, role: "DEVELOPER" } } },
    })),
  );
  stream.stop();
  await client.dispose();
});

test.each([
  ["a field", "subscription($v: Boolean!) { receivedInvitationChanged @skip(if: $v) { id } }"],
  ["a field with any condition", "subscription { receivedInvitationChanged @skip(if: true) { id } }"],
  ["a field with a default", "subscription($v: Boolean = true) { receivedInvitationChanged @include(if: $v) { id } }"],
  ["an inline fragment", "subscription($v: Boolean!) { ... @skip(if: $v) { receivedInvitationChanged { id } } }"],
  [
    "a spread",
    "subscription($v: Boolean!) { ...F @include(if: $v) } fragment F on Subscription { receivedInvitationChanged { id } }",
  ],
  [
    "a field in a fragment",
    "subscription($v: Boolean!) { ...F } fragment F on Subscription { ...G } fragment G on Subscription { receivedInvitationChanged @skip(if: $v) { id } }",
  ],
])("a subscription's root field refuses a condition: %s", async (_, document) => {
  const client = connect(service.app.port, token);
  for (const v of [true, false]) {
    const [received] = await subscribeBySocket(client, document, document.includes("$v") ? { v } : {}).over();
    expect(received?.errors).toMatchObject([
      { message: expect.stringContaining("@skip"), extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ]);
  }
  await client.dispose();
});

async function invite(email: string): Promise<void> {
  const mutation = `mutation($i: InviteMembersInput!) { inviteMembers(input: $i) { __typename } }`;
  const { data } = await service.ask(token)(mutation, { i: { organizationId, emails: [email], role: "DEVELOPER" } });
  expect(data.inviteMembers.__typename).toBe("InviteMembersSuccess");
}
