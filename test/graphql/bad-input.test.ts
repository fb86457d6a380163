import { RunningService } from "../support/service";

let service: RunningService;
let owner: Awaited<ReturnType<RunningService["person"]>>;
let ids: Record<string, string>;

beforeAll(async () => {
  service = await RunningService.start();
  owner = await service.person("Olga");
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization {
      id members { nodes { id } } workspaces { nodes { id } } } } } }`,
  );
  const { id, members, workspaces } = data.createOrganization.organization;
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  const invited = await owner.ask(
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["a@example.com"], role: VIEWER }) { ... on InviteMembersSuccess { invitations { id } } } }`,
  );
  const invitationId = invited.data.inviteMembers.invitations[0].id;
  ids = { organizationId: id, memberId: members.nodes[0].id, workspaceId: workspaces.nodes[0].id, invitationId };
});
afterAll(() => service.stop());

const HOSTILE = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\u202Egnp.exe",
  "'; DROP TABLE member; --",
  "%",
  "../../etc/passwd",
  "x".repeat(100_000),
  "🧑‍🚀".repeat(300),
  "\uFDFA".repeat(255),
  "null",
  "01900000-0000-7000-8000-000000000000",
  "01900000-0000-7000-8000-00000000000g",
];

const INPUTS: Record<string, Record<string, unknown>> = {
  createOrganization: { name: "N", description: "D" },
  updateOrganization: { organizationId: "", name: "N", description: "D" },
  transferOwnership: { organizationId: "", memberId: "" },
  leaveOrganization: { organizationId: "" },
  deleteOrganization: { organizationId: "", confirmName: "N" },
  restoreOrganization: { organizationId: "" },
  inviteMembers: { organizationId: "", emails: ["b@example.com"], role: "VIEWER", workspaces: [] },
  resendInvitation: { organizationId: "", invitationId: "" },
  cancelInvitation: { organizationId: "", invitationId: "" },
  acceptInvitation: { token: "t" },
  declineInvitation: { invitationId: "" },
  changeMemberRole: { organizationId: "", memberId: "", role: "VIEWER" },
  removeMember: { organizationId: "", memberId: "" },
  setWorkspaceAccess: { organizationId: "", memberId: "", grants: [] },
  grantWorkspaceAccess: { organizationId: "", workspaceId: "", memberId: "", roleOverride: "ADMIN" },
  revokeWorkspaceAccess: { organizationId: "", workspaceId: "", memberId: "" },
  createWorkspace: { organizationId: "", name: "N", description: "D", cloudProvider: "AWS" },
  updateWorkspace: { organizationId: "", workspaceId: "", name: "N", description: "D" },
  deleteWorkspace: { organizationId: "", workspaceId: "" },
  changePlan: { organizationId: "", planCode: "STANDARD" },
  cancelScheduledPlan: { organizationId: "" },
};

const DOMAIN = /^(FORBIDDEN|NOT_FOUND|BAD_USER_INPUT|RATE_LIMITED)$/;

test.each(Object.keys(INPUTS))(
  "%s responds to every hostile value with a refusal or a code, never with a 500",
  async (mutation) => {
    const Type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
    const query = `mutation($input: ${Type}Input!) { ${mutation}(input: $input) { __typename ... on Refusal { code path } } }`;
    const good = Object.fromEntries(
      Object.entries(INPUTS[mutation] ?? {}).map(([name, value]) => [name, ids[name] ?? value]),
    );
    for (const field of Object.keys(good)) {
      const values: unknown[] = Array.isArray(good[field])
        ? HOSTILE.map((text) => (field === "emails" ? [text] : [{ workspaceId: text }]))
        : HOSTILE;
      for (const value of [...values, null, 7, {}, []]) {
        const { errors, data } = await owner.ask(query, { input: { ...good, [field]: value } });
        for (const error of errors ?? []) expect(error.extensions.code).toMatch(DOMAIN);
        if (!errors) expect(data[mutation].__typename).toBeDefined();
      }
    }
  },
);

test("queries respond to hostile ids, cursors, searches and dates in the same way", async () => {
  for (const value of HOSTILE) {
    const answers = await Promise.all([
      owner.ask("query($v: ID!) { organization(id: $v) { id } workspace(id: $v) { id } }", { v: value }),
      owner.ask("query($v: String!) { invitation(token: $v) { email } }", { v: value }),
      owner.ask(
        `query($id: ID!, $v: String!, $a: ID!) { organization(id: $id) { members(search: $v) { nodes { id } totalCount } workspaces(search: $v) { totalCount }
          auditLog(types: [$v], actorId: $a, workspaceId: $a) { totalCount nodes { sequence } } } }`,
        { id: ids.organizationId, v: value, a: value },
      ),
      owner.ask("query($id: ID!, $v: String!) { organization(id: $id) { members(after: $v) { totalCount } } }", {
        id: ids.organizationId,
        v: value,
      }),
      owner.ask("query($r: [_Any!]!) { _entities(representations: $r) { __typename } }", {
        r: ["User", "Organization", "Member", "Workspace", "Invitation"].map((type) => ({
          __typename: type,
          id: value,
        })),
      }),
    ]);
    for (const { errors } of answers) for (const error of errors ?? []) expect(error.extensions.code).toMatch(DOMAIN);
  }
  for (const first of [0, -1, 101, 2 ** 31]) {
    const { errors } = await owner.ask(
      "query($id: ID!, $n: Int) { organization(id: $id) { members(first: $n) { totalCount } } }",
      { id: ids.organizationId, n: first },
    );
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  }
});

test("a cursor of another list is refused", async () => {
  const query = `query($id: ID!, $after: String) { organization(id: $id) { members(first: 1, after: $after) { pageInfo { endCursor } } workspaces { pageInfo { endCursor } } } }`;
  const { data } = await owner.ask(query, { id: ids.organizationId });
  const { errors } = await owner.ask(query, {
    id: ids.organizationId,
    after: data.organization.workspaces.pageInfo.endCursor,
  });
  expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
});

test("a forged cursor is refused, whatever its content", async () => {
  const id = ids.organizationId ?? "";
  const forged: Array<[list: string, ...key: unknown[]]> = [
    ["members"],
    ["members", 1],
    ["members", 1, "not-an-id"],
    ["members", 1, "\u0000"],
    ["members", "infinity", id],
    ["members", 1e300, id],
    ["members", 8.64e15, id],
    ["members", -253_000_000_000_000, id],
    ["members", 1.5, id],
    ["members", 1, id, "more"],
    ["workspaces", 2 ** 31, 1, id],
    ["workspaces", 0, id, 1],
    ["invitations", 1, -1],
    ["auditLog", 2 ** 31],
    ["auditLog", -1],
    ["auditLog", "1"],
  ];
  for (const [list, ...key] of forged) {
    const after = Buffer.from(JSON.stringify([list, id, ...key])).toString("base64url");
    const query = `query($id: ID!, $after: String) { organization(id: $id) { ${list}(after: $after) { totalCount } } }`;
    const { errors } = await owner.ask(query, { id, after });
    expect([list, key, errors?.[0]?.extensions.code]).toEqual([list, key, "BAD_USER_INPUT"]);
  }
});

test.each([{}, [], "x", 7, { __typename: "Nope", id: "x" }, { __typename: "Query" }, { __typename: "constructor" }])(
  "the representation %j is a client error",
  async (representation) => {
    const { errors } = await owner.ask("query($r: [_Any!]!) { _entities(representations: $r) { __typename } }", {
      r: [representation],
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
  },
);

test("a date must be valid RFC 3339", async () => {
  const query =
    "query($id: ID!, $since: DateTime) { organization(id: $id) { auditLog(since: $since) { totalCount } } }";
  const codeFor = async (since: string) => {
    const { errors } = await owner.ask(query, { id: ids.organizationId, since });
    return errors?.[0]?.extensions.code ?? "ok";
  };
  const bad = ["2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-01-01", "9999-12-31"];
  for (const day of bad) expect([day, await codeFor(`${day}T00:00:00Z`)]).toEqual([day, "BAD_USER_INPUT"]);
  for (const time of ["24:00:00Z", "00:60:00Z", "00:00:61Z", "00:00:00", "00:00:00+24:00", "00:00:00+0100", "00:00Z"]) {
    expect([time, await codeFor(`2026-11-24T${time}`)]).toEqual([time, "BAD_USER_INPUT"]);
  }
  for (const good of ["2024-02-29T00:00:00Z", "0001-06-01t00:00:00z", "2026-11-24T23:59:59.123456789-14:00"]) {
    expect([good, await codeFor(good)]).toEqual([good, "ok"]);
  }
});

test.each<[string, object]>([
  ["an operation that is not in the document", { query: "query A { __typename }", operationName: "B" }],
  ["none of several operations", { query: "query A { __typename } query B { __typename }" }],
  ["another version of persisted queries", { extensions: { persistedQuery: { version: 2, sha256Hash: "x" } } }],
  ["a malformed persisted query", { extensions: { persistedQuery: [] } }],
  [
    "a hash of something else",
    { query: "{ __typename }", extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } },
  ],
])("requesting %s is a client error over every transport", async (_, body) => {
  for (const path of ["/graphql", "/graphql/stream"]) {
    const response = await fetch(`http://127.0.0.1:${service.app.port}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${owner.token}` },
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(500);
    const text = await response.text();
    expect(text).not.toContain("INTERNAL_SERVER_ERROR");
    expect(text).toContain("errors");
  }
});
