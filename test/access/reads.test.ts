import { type Ask, type Person, RunningService } from "../support/service";
import { HOUR_MS } from "../support/temporary-access";
import { FakeClock } from "../support/world";

/**
 * Every read of a grant, one millisecond before its end and at its end. The job does not run, so the time alone
 * decides.
 */

const clock = new FakeClock();
let service: RunningService;
let owner: Person;
let dev: Person;
let invitee: Person;
let checker: Ask;
let reader: Ask;
let organizationId: string;
let workspaceId: string;
let memberId: string;
let invitationId: string;
let expiresAt: string;
beforeAll(async () => {
  // The issuer of tokens uses the real time.
  clock.pass(Date.now() - clock.now().getTime());
  service = await RunningService.start({}, { clock, jobs: false });
  [owner, dev, invitee] = [await service.person("Olga"), await service.person("Dan"), await service.person("Ina")];
  [checker, reader] = [await service.service("permissions:read"), await service.service("entities:read")];
  for (const { ask } of [dev, invitee]) await ask("{ viewer { id } }");
  await found();
});
afterAll(() => service.stop());

async function answered(ask: Ask, query: string, variables: object = {}) {
  const { data, errors } = await ask(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

async function found(): Promise<void> {
  const founded = await answered(
    owner.ask,
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  organizationId = founded.createOrganization.organization.id;
  const plan = `mutation($o: ID!) { changePlan(input: { organizationId: $o, planCode: "ADVANCED" }) { __typename } }`;
  await answered(owner.ask, plan, { o: organizationId });
  const created = await answered(
    owner.ask,
    `mutation($o: ID!) { createWorkspace(input: { organizationId: $o, name: "Project", cloudProvider: AWS }) {
      ... on CreateWorkspaceSuccess { workspace { id } } } }`,
    { o: organizationId },
  );
  workspaceId = created.createWorkspace.workspace.id;
  expiresAt = new Date(clock.now().getTime() + HOUR_MS).toISOString();
  const grants = [{ workspaceId, roleOverride: "ADMIN", expiresAt }];
  invitationId = await invite(invitee, grants);
  const joined = await answered(
    dev.ask,
    `mutation($i: ID!) { acceptInvitation(input: { invitationId: $i }) { ... on AcceptInvitationSuccess { member { id } } } }`,
    { i: await invite(dev, grants) },
  );
  memberId = joined.acceptInvitation.member.id;
}

async function invite({ email }: Person, workspaces: object[]): Promise<string> {
  const invited = await answered(
    owner.ask,
    `mutation($o: ID!, $e: [String!]!, $w: [WorkspaceGrantInput!]) {
      inviteMembers(input: { organizationId: $o, emails: $e, role: DEVELOPER, workspaces: $w }) {
        ... on InviteMembersSuccess { invitations { id } } ... on Refusal { message } } }`,
    { o: organizationId, e: [email], w: workspaces },
  );
  return invited.inviteMembers.invitations[0].id;
}

const ACCESS = "role source roleOverride expiresAt";
const GRANTS = "workspaceGrants { workspaceId workspaceName roleOverride expiresAt }";

/** All reads of the workspace by the member. */
function ofMember() {
  const query = `query($o: ID!, $w: ID!) {
    workspace(id: $w) { id viewerRole viewerPermissions }
    workspacePermissions(checks: [{ workspaceId: $w, permission: RUN_OPERATIONS }]) { allowed }
    organization(id: $o) {
      workspaces { totalCount nodes { id } }
      found: workspaces(search: "project") { totalCount nodes { id } }
      viewerMember { workspaceAccess { workspace { id } ${ACCESS} } } }
    _entities(representations: [{ __typename: "Workspace", id: $w }]) { ... on Workspace { id } } }`;
  return answered(dev.ask, query, { o: organizationId, w: workspaceId });
}

/** All reads by the Owner of the member's access and of the invitation's. */
function ofOwner() {
  const query = `query($o: ID!, $w: ID!, $m: ID!, $i: ID!) {
    workspace(id: $w) { memberCount access { totalCount nodes { member { id } ${ACCESS} } } }
    organization(id: $o) { invitations(statuses: [PENDING]) { nodes { id ${GRANTS} } } }
    _entities(representations: [{ __typename: "Member", id: $m }, { __typename: "Invitation", id: $i }]) {
      ... on Member { workspaceAccess { workspace { id } ${ACCESS} } } ... on Invitation { ${GRANTS} } } }`;
  return answered(owner.ask, query, { o: organizationId, w: workspaceId, m: memberId, i: invitationId });
}

const ofInvitee = () => answered(invitee.ask, `{ viewer { receivedInvitations { id ${GRANTS} } } }`);
const ofServices = async () => ({
  check: await answered(
    checker,
    `query($u: ID!, $w: ID!) {
      checkPermissions(checks: [{ userId: $u, workspace: { workspaceId: $w, permission: RUN_OPERATIONS } }]) { allowed } }`,
    { u: dev.id, w: workspaceId },
  ),
  entity: await answered(
    reader,
    `query($i: ID!) { _entities(representations: [{ __typename: "Invitation", id: $i }]) { ... on Invitation { ${GRANTS} } } }`,
    { i: invitationId },
  ),
});

test("every read counts a grant until its end, and no read counts it afterwards", async () => {
  clock.pass(HOUR_MS - 1);
  const grant = { workspaceId, workspaceName: "Project", roleOverride: "ADMIN", expiresAt };
  const access = { role: "ADMIN", source: "OVERRIDE", roleOverride: "ADMIN", expiresAt };
  const ownersAccess = { role: "ADMIN", source: "ORGANIZATION_ROLE", roleOverride: null, expiresAt: null };
  const [ownerId] = (await answered(owner.ask, "query($o: ID!) { organization(id: $o) { viewerMember { id } } }", {
    o: organizationId,
  }).then(({ organization }) => [organization.viewerMember.id])) as [string];
  const one = { totalCount: 1, nodes: [{ id: workspaceId }] };
  expect(await ofMember()).toEqual({
    workspace: { id: workspaceId, viewerRole: "ADMIN", viewerPermissions: expect.any(Array) },
    workspacePermissions: [{ allowed: true }],
    organization: {
      workspaces: one,
      found: one,
      viewerMember: { workspaceAccess: [{ workspace: { id: workspaceId }, ...access }] },
    },
    _entities: [{ id: workspaceId }],
  });
  const ofOwners = { member: { id: ownerId }, ...ownersAccess };
  expect(await ofOwner()).toEqual({
    workspace: {
      memberCount: 2,
      access: { totalCount: 2, nodes: [ofOwners, { member: { id: memberId }, ...access }] },
    },
    organization: { invitations: { nodes: [{ id: invitationId, workspaceGrants: [grant] }] } },
    _entities: [{ workspaceAccess: [{ workspace: { id: workspaceId }, ...access }] }, { workspaceGrants: [grant] }],
  });
  expect(await ofInvitee()).toEqual({
    viewer: { receivedInvitations: [{ id: invitationId, workspaceGrants: [grant] }] },
  });
  expect(await ofServices()).toEqual({
    check: { checkPermissions: [{ allowed: true }] },
    entity: { _entities: [{ workspaceGrants: [grant] }] },
  });

  clock.pass(1);
  const none = { totalCount: 0, nodes: [] };
  expect(await ofMember()).toEqual({
    workspace: null,
    workspacePermissions: [{ allowed: false }],
    organization: { workspaces: none, found: none, viewerMember: { workspaceAccess: [] } },
    _entities: [null],
  });
  expect(await ofOwner()).toEqual({
    workspace: { memberCount: 1, access: { totalCount: 1, nodes: [ofOwners] } },
    organization: { invitations: { nodes: [{ id: invitationId, workspaceGrants: [] }] } },
    _entities: [{ workspaceAccess: [] }, { workspaceGrants: [] }],
  });
  expect(await ofInvitee()).toEqual({ viewer: { receivedInvitations: [{ id: invitationId, workspaceGrants: [] }] } });
  expect(await ofServices()).toEqual({
    check: { checkPermissions: [{ allowed: false }] },
    entity: { _entities: [{ workspaceGrants: [] }] },
  });
});
