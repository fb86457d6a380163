import { type ExecutionResult, GraphQLError, getNamedType, isLeafType, isObjectType, parse, validate } from "graphql";
import { guardedSchema } from "../../src/server/graphql/schema";
import { createSharedResults } from "../../src/server/graphql/shared-results";
import { join, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { type Person, RunningService } from "../support/service";
import { connect, subscribeBySocket, type TestSubscription } from "../support/test-subscription";

const schema = guardedSchema();

/** Whether two subscribers with the same document share one execution per event. */
async function isShared(text: string): Promise<boolean> {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const share = createSharedResults(schema);
  let executed = 0;
  const execute = async (): Promise<ExecutionResult> => ({ data: { n: ++executed } });
  const event = {};
  const results = [await share(event, document, execute), await share(event, document, execute)];
  expect(results[0] === results[1]).toBe(executed === 1);
  // Another event must not use the cached result.
  await share({}, document, execute);
  return executed === 2;
}

/** All fields of a type, with the smallest valid selection of each. */
function fieldsOf(name: string): Array<[string, string]> {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`There is no ${name}.`);
  return Object.values(type.getFields()).map((field) => {
    const args = field.args.filter((arg) => arg.type.toString().endsWith("!") && arg.defaultValue === undefined);
    expect(args).toEqual([]);
    return [field.name, isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`];
  });
}

const below = (selection: string) => `subscription { membershipChanged(organizationId: "x") { ${selection} } }`;

// Repeated here on purpose: other fields depend on the viewer, or may do so later.
const INDEPENDENT: Record<string, string[]> = { Member: ["id", "role", "joinedAt", "user"], User: ["id", "name"] };

test("only fields of Member and User that do not depend on the viewer are shared", async () => {
  for (const [type, wrap] of [
    ["Member", (field: string) => below(`member { ${field} }`)],
    ["User", (field: string) => below(`member { user { ${field} } }`)],
  ] as const) {
    const shared: string[] = [];
    for (const [name, selection] of fieldsOf(type)) if (await isShared(wrap(selection))) shared.push(name);
    expect(shared.sort()).toEqual([...(INDEPENDENT[type] ?? [])].sort());
  }
});

test("a result with errors, or a failed execution, is not shared with later subscribers", async () => {
  const document = parse(below("cursor"));
  const share = createSharedResults(schema);
  const event = {};
  const failed: ExecutionResult = { errors: [new GraphQLError("failed")], data: null };
  expect(await share(event, document, async () => failed)).toBe(failed);
  await expect(share(event, document, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  const whole: ExecutionResult = { data: {} };
  expect(await share(event, document, async () => whole)).toBe(whole);
  expect(await share(event, document, async () => failed)).toBe(whole);
});

test("an e-mail address is not shared by any path", async () => {
  const invitation = (selection: string) => `subscription { invitationChanged(organizationId: "x") { ${selection} } }`;
  for (const selection of ["invitedBy { email }", "invitedBy { ... on User { email } }", "invitedBy { ...u }"]) {
    const fragment = selection.includes("...u") ? " fragment u on User { email }" : "";
    expect(await isShared(invitation(`invitation { ${selection} }`) + fragment)).toBe(false);
  }
  expect(await isShared(invitation("invitation { email invitedBy { name } }"))).toBe(true);
});

test("a document with a directive, or with several operations, is not shared", async () => {
  const head = "subscription($x: Boolean!)";
  const field = 'membershipChanged(organizationId: "x")';
  for (const text of [
    `${head} { ${field} { cursor @include(if: $x) } }`,
    `${head} { ${field} { cursor member @skip(if: $x) { id } } }`,
    `${head} { ${field} { cursor ... @include(if: $x) { change } } }`,
    `${head} { ${field} { cursor ... on MembershipEvent @include(if: $x) { change } } }`,
    `${head} { ${field} { cursor ...f @include(if: $x) } } fragment f on MembershipEvent { change }`,
    `${head} { ${field} { cursor ...f } } fragment f on MembershipEvent { change change @include(if: $x) }`,
    `subscription A { ${field} { cursor } } subscription B { ${field} { cursor change } }`,
  ]) {
    expect([text, await isShared(text)]).toEqual([text, false]);
  }
  expect(await isShared(below("cursor change member { id role user { id name } }"))).toBe(true);
});

describe("over sockets", () => {
  let service: RunningService;
  let owner: Person;
  let id: string;
  beforeAll(async () => {
    service = await RunningService.start();
    owner = await service.person("Olga");
    id = await organization(owner);
  });
  afterAll(() => service.stop());

  async function subscribeAll(subscriptions: Array<[Person, object]>, query: string): Promise<TestSubscription[]> {
    const before = service.app.live.size;
    const all = subscriptions.map(([{ token }, variables]) =>
      subscribeBySocket(connect(service.app.port, token), query, { id, ...variables }),
    );
    while (service.app.live.size < before + all.length) await aMoment();
    return all;
  }

  test("an Owner and a Developer with the same document get their own visible data", async () => {
    const { data } = await owner.ask(
      `mutation { createWorkspace(input: { organizationId: "${id}", name: "Secret", cloudProvider: AWS }) {
        ... on CreateWorkspaceSuccess { workspace { id } } } }`,
    );
    const workspaceId = data.createWorkspace.workspace.id;
    const developer = await join(service, owner, id, "DEVELOPER");
    const query = `subscription($id: ID!) { membershipChanged(organizationId: $id) {
      change member { id role workspaceAccess { workspace { name } } } } }`;
    const both = await subscribeAll(
      [
        [owner, {}],
        [developer, {}],
      ],
      query,
    );
    const third = await join(service, owner, id, "DEVELOPER");
    await owner.ask(
      `mutation { grantWorkspaceAccess(input: { organizationId: "${id}", workspaceId: "${workspaceId}", memberId: "${third.memberId}" }) { __typename } }`,
    );
    const seen = await Promise.all(
      both.map(async (subscription) => (await subscription.count(2))[1]?.data.membershipChanged),
    );
    expect(seen.map(({ change }) => change)).toEqual(["WORKSPACE_ACCESS_CHANGED", "WORKSPACE_ACCESS_CHANGED"]);
    expect(seen.map(({ member }) => member.workspaceAccess)).toEqual([[{ workspace: { name: "Secret" } }], []]);
  });

  test("two subscribers with different variables each get their own result", async () => {
    const query = `subscription($id: ID!, $x: Boolean!) { membershipChanged(organizationId: $id) {
      cursor member { id role @include(if: $x) } } }`;
    const both = await subscribeAll(
      [
        [owner, { x: true }],
        [owner, { x: false }],
      ],
      query,
    );
    const members: object[][] = [[], []];
    for (let n = 1; n <= 3; n++) {
      await join(service, owner, id, "VIEWER");
      for (const [which, subscription] of both.entries()) {
        members[which]?.push((await subscription.count(n))[n - 1]?.data.membershipChanged.member);
      }
    }
    const shape = { id: expect.any(String) };
    expect(members).toEqual([Array(3).fill({ ...shape, role: "VIEWER" }), Array(3).fill(shape)]);
  });
});

describe("a socket whose token has expired", () => {
  test("cannot start operations", async () => {
    let ahead = 0;
    let stopped: number | null = null;
    const clock = { now: () => new Date((stopped ?? Date.now()) + ahead) };
    const service = await RunningService.start({}, { clock, jobs: false });
    const owner = await service.person("Olga");
    const token = await service.issuer.issue(
      { id: owner.id, email: owner.email, emailVerified: true, name: "Olga" },
      "1h",
    );
    const exp = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).exp * 1000;
    const client = connect(service.app.port, token);
    const ask = async (query: string) => (await subscribeBySocket(client, query).over())[0];
    expect((await ask("{ viewer { name } }"))?.data.viewer.name).toBe("Olga");
    stopped = exp - 1;
    expect((await ask("{ viewer { name } }"))?.data.viewer.name).toBe("Olga");
    // Longer than the clock tolerance.
    ahead = 60_001;
    const rename = `mutation { createOrganization(input: { name: "Late" }) { __typename } }`;
    for (const query of ["{ viewer { name } }", rename, "{ plans { code } }"]) {
      expect((await ask(query))?.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    }
    const { data } = await owner.ask(
      "{ viewer { memberships { organization { name } } } }",
      {},
      {
        authorization: `Bearer ${await service.issuer.issue({ id: owner.id, email: owner.email, emailVerified: true, name: "Olga" }, "20h")}`,
      },
    );
    expect(data.viewer.memberships).toHaveLength(1);
    await client.dispose();
    await service.stop();
  });
});
