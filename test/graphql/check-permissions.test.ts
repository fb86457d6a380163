import { join } from "../support/live-organization";
import { type Ask, type Person, RunningService } from "../support/service";
import { withoutBackgroundStatements } from "../support/without-background-statements";

let service: RunningService;
let owner: Person;
let checker: Ask;
let organizationId: string;
let workspaceId: string;
beforeAll(async () => {
  withoutBackgroundStatements();
  service = await RunningService.start({}, { jobs: false });
  owner = await service.person("Olga");
  checker = await service.service("permissions:read");
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id workspaces { nodes { id } } } } } }`,
  );
  organizationId = data.createOrganization.organization.id;
  workspaceId = data.createOrganization.organization.workspaces.nodes[0].id;
});
afterAll(() => service.stop());

interface Decision {
  allowed: boolean;
  reasons: string[];
  sequence: number | null;
  organizationId: string | null;
  validUntil: string | null;
}

const QUERY = `query($c: [PermissionCheck!]!) {
  checkPermissions(checks: $c) { allowed reasons sequence organizationId validUntil } }`;
const EDIT = "EDIT_ORGANIZATION";
const VIEW = "VIEW_WORKSPACE";
const inOrganization = (userId: string, id = organizationId, permission = EDIT) => ({
  userId,
  organization: { organizationId: id, permission },
});
const inWorkspace = (userId: string, id = workspaceId, permission = VIEW) => ({
  userId,
  workspace: { workspaceId: id, permission },
});

async function decisions(checks: object[]): Promise<Decision[]> {
  const { data, errors } = await checker(QUERY, { c: checks });
  expect(errors).toBeUndefined();
  return data.checkPermissions;
}

const head = async (): Promise<number> => {
  const text = "SELECT event_sequence AS head FROM organization WHERE id = $1";
  return (await service.app.services.database.dataSource.query(text, [organizationId]))[0].head;
};

test("a service gets the same decisions as the person, for organizations and workspaces in one list", async () => {
  const own = await owner.ask(
    `query($o: [OrganizationPermissionCheck!]!, $w: [WorkspacePermissionCheck!]!) {
      organizationPermissions(checks: $o) { ...All } workspacePermissions(checks: $w) { ...All } }
    fragment All on PermissionDecision { allowed reasons sequence organizationId validUntil }`,
    { o: [{ organizationId, permission: EDIT }], w: [{ workspaceId, permission: VIEW }] },
  );
  const [ofWorkspace, ofOrganization, upperCase] = await decisions([
    inWorkspace(owner.id),
    inOrganization(owner.id),
    inWorkspace(owner.id, workspaceId.toUpperCase()),
  ]);
  expect([ofOrganization]).toEqual(own.data.organizationPermissions);
  expect([ofWorkspace]).toEqual(own.data.workspacePermissions);
  expect(upperCase).toEqual(ofWorkspace);
  expect(ofOrganization).toEqual({
    allowed: true,
    reasons: ["You are Owner of Acme.", "The role Owner includes EDIT_ORGANIZATION."],
    sequence: await head(),
    organizationId,
    validUntil: null,
  });
});

test("every event of the organization raises the sequence", async () => {
  const before = await decisions([inOrganization(owner.id), inWorkspace(owner.id)]);
  await owner.ask(
    `mutation { updateOrganization(input: { organizationId: "${organizationId}", description: "New" }) { __typename } }`,
  );
  const after = await decisions([inOrganization(owner.id), inWorkspace(owner.id)]);
  expect(after.map(({ sequence }) => sequence)).toEqual(before.map(({ sequence }) => Number(sequence) + 1));
});

test("unknown people and places are denied with the reasons of the permission queries and without a sequence", async () => {
  const nowhere = "01900000-0000-7000-8000-000000000000";
  const stranger = await service.person();
  const ids = [stranger.id, "nobody", "", "\0", "x".repeat(10_000), "\ud800", owner.email];
  const checks = [
    ...ids.flatMap((id) => [inOrganization(id), inWorkspace(id)]),
    ...[nowhere, "nonsense", "", "\0"].flatMap((id) => [inOrganization(owner.id, id), inWorkspace(owner.id, id)]),
    // An id of the other kind.
    inOrganization(owner.id, workspaceId),
    inWorkspace(owner.id, organizationId),
  ];
  const no = (place: string) => ({
    allowed: false,
    reasons: [`There is no such ${place}, or you have no access to it.`],
    ...{ sequence: null, organizationId: null, validUntil: null },
  });
  expect(await decisions(checks)).toEqual(checks.map((_, n) => no(n % 2 === 0 ? "organization" : "workspace")));
});

test("a thousand checks are answered in order with two statements, as many as two checks need", async () => {
  const { database } = service.app.services;
  const people = [owner.id, "nobody"];
  const many = Array.from({ length: 1_000 }, (_, n) => {
    const id = people[n % 3 === 0 ? 0 : 1] ?? "";
    return n % 2 === 0 ? inOrganization(id) : inWorkspace(id);
  });
  const costOf = async (checks: object[]) => {
    const before = database.statementCount();
    const answered = await decisions(checks);
    return { answered, statements: database.statementCount() - before };
  };
  await costOf(many);
  const { answered, statements } = await costOf(many);
  expect(answered.map(({ allowed }) => allowed)).toEqual(many.map((_, n) => n % 3 === 0));
  expect(statements).toBe((await costOf(many.slice(0, 2))).statements);
  expect(statements).toBe(2);
  const { errors } = await checker(QUERY, { c: [...many, inOrganization(owner.id)] });
  expect(errors?.[0]).toMatchObject({
    message: "Send at most 1,000 checks at a time.",
    extensions: { code: "BAD_USER_INPUT" },
  });
});

test("a check with no place, or with two, is an error with the number of the check", async () => {
  const both = { ...inOrganization(owner.id), ...inWorkspace(owner.id) };
  const nulls = { userId: owner.id, organization: null, workspace: null };
  for (const check of [{ userId: owner.id }, nulls, both]) {
    const { data, errors } = await checker(QUERY, { c: [inWorkspace(owner.id), check] });
    expect(data ?? null).toBeNull();
    expect(errors?.[0]).toMatchObject({
      message: "Check 1 must have exactly one of 'organization' and 'workspace'.",
      extensions: { code: "BAD_USER_INPUT" },
    });
  }
  expect(await decisions([])).toEqual([]);
});

test("people and services without the scope are refused", async () => {
  const others: Ask[] = [owner.ask, await service.service("entities:read", "events:read")];
  for (const ask of others) {
    expect((await ask(QUERY, { c: [] })).errors?.[0]).toMatchObject({
      message: "Only a service with the scope permissions:read can do this.",
      extensions: { code: "FORBIDDEN" },
    });
  }
  expect((await service.ask(null)(QUERY, { c: [] })).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
});

test("temporary access counts until its end, even before the job removes it", async () => {
  let now = Date.now();
  const app = await service.replica({}, { clock: { now: () => new Date(now) }, jobs: false });
  const checks = service.ask(await service.issuer.issueForService("timed", ["permissions:read"]), app);
  await owner.ask(
    `mutation { changePlan(input: { organizationId: "${organizationId}", planCode: "ADVANCED" }) { __typename } }`,
  );
  const member = await join(service, owner, organizationId, "VIEWER");
  const end = new Date(now + 1_000);
  await service.app.services.database.dataSource.query(
    `INSERT INTO workspace_assignment (organization_id, workspace_id, member_id, role_override, expires_at)
     VALUES ($1, $2, $3, 'DEVELOPER', $4)`,
    [organizationId, workspaceId, member.memberId, end],
  );
  const run = inWorkspace(member.id, workspaceId, "RUN_OPERATIONS");
  const decide = async () => (await checks(QUERY, { c: [run] })).data.checkPermissions[0];
  const before = await decide();
  expect(before).toMatchObject({ allowed: true, validUntil: end.toISOString(), organizationId });
  now += 999;
  expect(await decide()).toEqual(before);
  now += 1;
  expect(await decide()).toEqual({
    allowed: false,
    reasons: ["There is no such workspace, or you have no access to it."],
    ...{ sequence: null, organizationId: null, validUntil: null },
  });
});
