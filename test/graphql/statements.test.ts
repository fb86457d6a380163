import { RunningService } from "../support/service";
import { withoutBackgroundStatements } from "../support/without-background-statements";

let service: RunningService;
beforeAll(async () => {
  withoutBackgroundStatements();
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

type Person = Awaited<ReturnType<RunningService["person"]>>;

/** The number of SQL statements of a request, including BEGIN and COMMIT, for a known sender. */
async function cost(person: Person, query: string, variables: object = {}): Promise<number> {
  const { database } = service.app.services;
  const before = database.statementCount();
  const { errors } = await person.ask(query, variables);
  expect(errors).toBeUndefined();
  return database.statementCount() - before;
}

const sql = (text: string, ...values: unknown[]) => service.app.services.database.dataSource.query(text, values);

/** An organization with `size` objects of every type, and its Owner. */
async function organizationOf(size: number): Promise<{ owner: Person; id: string; workspaceIds: string[] }> {
  const owner = await service.person();
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Big" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  const { id } = data.createOrganization.organization;
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ENTERPRISE" }) { __typename } }`);
  await sql(
    `WITH w AS (INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'W' || n, 'w' || n, 'AWS', false, now(), now() FROM generate_series(2, $2::int) n RETURNING id),
     u AS (INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
       SELECT $1 || '-' || n, 'Member ' || n, n || '@example.com', true, now(), now() FROM generate_series(2, $2::int) n RETURNING id),
     m AS (INSERT INTO member (id, organization_id, user_id, role, joined_at, invited_by_id)
       SELECT gen_random_uuid(), $1, id, 'DEVELOPER', now(), $3 FROM u RETURNING id),
     i AS (INSERT INTO invitation (id, organization_id, email, role, status, delivery, invited_by_id, created_at, queued_at, send_number, expires_at)
       SELECT gen_random_uuid(), $1, 'i' || n || '@example.com', 'VIEWER', 'PENDING', 'SENT', $3, now(), now(), 1, now() + interval '1 day'
       FROM generate_series(1, $2::int) n RETURNING id),
     g AS (INSERT INTO invitation_workspace (organization_id, invitation_id, workspace_id) SELECT $1, i.id, w.id FROM i, w)
     INSERT INTO workspace_assignment (workspace_id, member_id, organization_id) SELECT w.id, m.id, $1 FROM w, m`,
    id,
    size,
    owner.id,
  );
  const rows = await sql("SELECT id FROM workspace WHERE organization_id = $1", id);
  return { owner, id, workspaceIds: rows.map((row: { id: string }) => row.id) };
}

const PAGE = `query($id: ID!) { organization(id: $id) { name viewerPermissions memberLimit { used limit }
  members(first: 100) { totalCount nodes { role user { name email } invitedBy { name }
    workspaceAccess { role source roleOverride workspace { id name } } } }
  workspaces(first: 100) { nodes { name memberCount viewerRole } }
  invitations(first: 100) { nodes { email status organization { name } workspaceGrants { workspaceName } invitedBy { name } } } } }`;

test("the viewer with 20 organizations costs at most 4 statements", async () => {
  const person = await service.person();
  for (let n = 0; n < 19; n++) {
    await person.ask(`mutation { createOrganization(input: { name: "N${n}" }) { __typename } }`);
  }
  const query = `{ viewer { id name email receivedInvitations { id } memberships { role organization { id name viewerPermissions
    workspaces { nodes { id name viewerRole } } members(first: 5) { nodes { user { name } } } } } } }`;
  expect(await cost(person, query)).toBeLessThanOrEqual(4);
});

test("an organization's page costs at most 10 statements, the same for 10 and for 100 of everything", async () => {
  const [small, large] = [await organizationOf(10), await organizationOf(100)];
  const few = await cost(small.owner, PAGE, { id: small.id });
  const many = await cost(large.owner, PAGE, { id: large.id });
  expect(many).toBe(few);
  expect(many).toBeLessThanOrEqual(10);
});

const REFUSALS = "roleOptions { role refusal { code } } removalRefusal { code } workspaceAccessRefusal { code }";

test("refusal fields of a hundred members or workspaces cost no statement", async () => {
  const { owner, id } = await organizationOf(100);
  const page = (ofMember: string, ofWorkspace: string) => `{ organization(id: "${id}") {
    members(first: 100) { nodes { id role ${ofMember} } } workspaces(first: 100) { nodes { id ${ofWorkspace} } } } }`;
  expect(await cost(owner, page(REFUSALS, "deletionRefusal { code }"))).toBe(await cost(owner, page("", "")));
  const listed = (more: string) =>
    `{ viewer { memberships { organization { members(first: 100) { nodes { role ${more} } } } } } }`;
  expect(await cost(owner, listed(REFUSALS))).toBe(await cost(owner, listed("")));
});

test("refusal fields of 20 organizations cost as many statements as those of one: two more than none", async () => {
  const person = await service.person();
  await person.ask("{ viewer { id } }");
  const refusals = `leaveRefusal { code } deletionRefusal { code } invitationRefusal { code } workspaceCreationRefusal { code }`;
  const listed = (more: string) => `{ viewer { memberships { organization { id ${more} } } } }`;
  const [none, one] = [await cost(person, listed("")), await cost(person, listed(refusals))];
  for (let n = 0; n < 19; n++) {
    await person.ask(`mutation { createOrganization(input: { name: "N${n}" }) { __typename } }`);
  }
  expect([one, await cost(person, listed(refusals))]).toEqual([none + 2, none + 2]);
});

test("inviting ten people into five workspaces costs at most 12 statements", async () => {
  const { owner, id, workspaceIds } = await organizationOf(10);
  const input = {
    organizationId: id,
    emails: Array.from({ length: 10 }, (_, n) => `new-${n}@example.com`),
    role: "DEVELOPER",
    workspaces: workspaceIds.slice(0, 5).map((workspaceId) => ({ workspaceId })),
  };
  const query = `mutation($input: InviteMembersInput!) { inviteMembers(input: $input) { ... on InviteMembersSuccess {
    invitations { id email status workspaceGrants { workspaceName } } skipped { email } } } }`;
  expect(await cost(owner, query, { input })).toBeLessThanOrEqual(12);
});

test("a thousand representations of one type cost one statement", async () => {
  const { owner, workspaceIds } = await organizationOf(100);
  const variables = {
    r: Array.from({ length: 1000 }, (_, n) => ({ __typename: "Workspace", id: workspaceIds[n % 100] })),
  };
  expect(
    await cost(
      owner,
      "query($r: [_Any!]!) { _entities(representations: $r) { ... on Workspace { name } } }",
      variables,
    ),
  ).toBe(1);
});
