import { type Ask, RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

const CREATE = `mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) {
  ... on CreateOrganizationSuccess { organization { id name } } ... on Refusal { code path } } }`;
const INVITE = `mutation($input: InviteMembersInput!) { inviteMembers(input: $input) { __typename
  ... on InviteMembersSuccess { invitations { id email status delivery } skipped { email reason } organization { memberLimit { used limit } } }
  ... on Refusal { code path limit { used limit remaining } } } }`;
const ACCEPT = `mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename
  ... on AcceptInvitationSuccess { member { id role workspaceAccess { workspace { name } role source } } organization { name viewerPermissions } }
  ... on Refusal { code } } }`;
const UPGRADE = `mutation($input: ChangePlanInput!) { changePlan(input: $input) {
  ... on ChangePlanSuccess { subscription { plan { code } } checkoutUrl } ... on Refusal { code } } }`;

async function organizationOf(ask: Ask, name = "Acme"): Promise<string> {
  const { data } = await ask(CREATE, { input: { name } });
  const { id } = data.createOrganization.organization;
  await ask(UPGRADE, { input: { organizationId: id, planCode: "ADVANCED" } });
  return id;
}

test("signing up creates an organization on Starter with a default workspace", async () => {
  const john = await service.person("John Doe");
  const { data } = await john.ask(`{ viewer { id name email memberships { role organization {
    name isPersonal workspaces { nodes { name isDefault cloudProvider viewerRole } } subscription { plan { code } } } } } }`);
  expect(data.viewer).toEqual({
    id: john.id,
    name: "John Doe",
    email: john.email,
    memberships: [
      {
        role: "OWNER",
        organization: {
          name: "John Doe’s Organization",
          isPersonal: true,
          workspaces: { nodes: [{ name: "Default", isDefault: true, cloudProvider: "AWS", viewerRole: "ADMIN" }] },
          subscription: { plan: { code: "STARTER" } },
        },
      },
    ],
  });
});

test("twenty simultaneous first requests provision a person once", async () => {
  const { ask } = await service.person("Mona");
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask("{ viewer { memberships { organization { id } } } }")),
  );
  expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
});

test("an Owner invites a colleague, who sees the preview, accepts with the link and can use the granted workspaces", async () => {
  const [owner, guest] = [await service.person("Olivia"), await service.person("Gus")];
  const organizationId = await organizationOf(owner.ask);
  const made = await owner.ask(
    `mutation($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { ... on CreateWorkspaceSuccess { workspace { id } } } }`,
    { input: { organizationId, name: "Production", cloudProvider: "GCP" } },
  );
  const workspaceId = made.data.createWorkspace.workspace.id;
  const workspaces = [{ workspaceId, roleOverride: "DEVELOPER" }];
  const emails = [` ${guest.email.toUpperCase()} `, guest.email, "nonsense"];
  const invited = await owner.ask(INVITE, { input: { organizationId, emails, role: "VIEWER", workspaces } });
  expect(invited.data.inviteMembers).toMatchObject({
    invitations: [{ email: guest.email, status: "PENDING" }],
    skipped: [
      { email: guest.email, reason: "DUPLICATE" },
      { email: "nonsense", reason: "INVALID_EMAIL" },
    ],
    organization: { memberLimit: { used: 2, limit: null } },
  });
  const token = await service.tokenFor(guest.email);
  const preview = `query($token: String!) { invitation(token: $token) { organizationName email status workspaceNames refusal { code } } }`;
  const seen = await service.ask(null)(preview, { token });
  expect(seen.data.invitation).toMatchObject({
    organizationName: "Acme",
    status: "PENDING",
    workspaceNames: ["Production"],
    refusal: null,
  });
  expect(seen.data.invitation.email).not.toBe(guest.email);
  const joined = await guest.ask(ACCEPT, { input: { token } });
  expect(joined.data.acceptInvitation).toMatchObject({
    member: {
      role: "VIEWER",
      workspaceAccess: [{ workspace: { name: "Production" }, role: "DEVELOPER", source: "OVERRIDE" }],
    },
    organization: { name: "Acme", viewerPermissions: [] },
  });
  const answer = await guest.ask(
    `query($checks: [WorkspacePermissionCheck!]!) { workspacePermissions(checks: $checks) { allowed reasons } }`,
    { checks: ["RUN_OPERATIONS", "EDIT_WORKSPACE"].map((permission) => ({ workspaceId, permission })) },
  );
  expect(answer.data.workspacePermissions.map(({ allowed }: { allowed: boolean }) => allowed)).toEqual([true, false]);
  expect((await guest.ask(ACCEPT, { input: { token } })).data.acceptInvitation).toMatchObject({
    code: "INVITATION_NOT_PENDING",
  });
});

test("a stranger cannot distinguish a foreign organization from one that does not exist", async () => {
  const [owner, stranger] = [await service.person(), await service.person()];
  const theirs = await organizationOf(owner.ask);
  const absent = "01900000-0000-7000-8000-000000000000";
  const update = `mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { __typename } }`;
  for (const id of [theirs, absent, "nonsense", ""]) {
    const read = await stranger.ask("query($id: ID!) { organization(id: $id) { id } }", { id });
    expect(read).toMatchObject({ data: { organization: null } });
    expect(read.errors).toBeUndefined();
    const written = await stranger.ask(update, { input: { organizationId: id, name: "Mine" } });
    expect(written.errors).toMatchObject([
      { message: "There is no such organization, or you have no access to it.", extensions: { code: "NOT_FOUND" } },
    ]);
  }
});

test("a seat limit refuses all invitations or none, and the refusal has the used seats", async () => {
  const { ask } = await service.person();
  const { data } = await ask("{ viewer { memberships { organization { id } } } }");
  const organizationId = data.viewer.memberships[0].organization.id;
  const answer = await ask(INVITE, { input: { organizationId, emails: ["a@example.com"], role: "VIEWER" } });
  expect(answer.data.inviteMembers).toEqual({
    __typename: "Refusal",
    code: "MEMBER_LIMIT_REACHED",
    path: ["emails"],
    limit: { used: 1, limit: 1, remaining: 0 },
  });
});

test("an invalid token is HTTP 401; a request without a token is anonymous", async () => {
  expect(await service.ask("e30.e30.AAAA")("{ __typename }")).toMatchObject({
    status: 401,
    errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
  expect(await service.ask(null)("{ __typename viewer { id } }")).toMatchObject({
    errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
});

test("entities are open to viewers with access and to services with entities:read, and to nobody else", async () => {
  const [owner, stranger] = [await service.person(), await service.person()];
  const id = await organizationOf(owner.ask);
  const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { name members { totalCount } } } }`;
  const variables = { r: [{ __typename: "Organization", id }] };
  expect((await owner.ask(query, variables)).data._entities).toEqual([{ name: "Acme", members: { totalCount: 1 } }]);
  expect((await stranger.ask(query, variables)).data._entities).toEqual([null]);
  const reader = await service.service("entities:read");
  expect((await reader(query, variables)).data._entities).toEqual([{ name: "Acme", members: { totalCount: 1 } }]);
  const other = await service.service("usage:write");
  expect((await other(query, variables)).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  expect((await service.ask(null)(query, variables)).errors).toMatchObject([
    { extensions: { code: "UNAUTHENTICATED" } },
  ]);
});

test("the identity service provisions a person once; people cannot provision", async () => {
  const provision = `mutation($input: ProvisionUserInput!) { provisionUser(input: $input) {
    ... on ProvisionUserSuccess { created user { id name } organization { name isPersonal } } } }`;
  const input = { userId: "idp|42", email: "ida@example.com", emailVerified: true, name: "Ida" };
  const identity = await service.service("users:provision");
  const expected = {
    user: { id: "idp|42", name: "Ida" },
    organization: { name: "Ida’s Organization", isPersonal: true },
  };
  expect((await identity(provision, { input })).data.provisionUser).toEqual({ created: true, ...expected });
  expect((await identity(provision, { input })).data.provisionUser).toEqual({ created: false, ...expected });
  const deeper = provision.replace("isPersonal }", "isPersonal members { totalCount } }");
  expect((await identity(deeper, { input })).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  const { ask } = await service.person();
  expect((await ask(provision, { input })).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
});
