import { join, organization } from "../support/live-organization";
import { type Person, RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

/** The result of a mutation: the selection of its success, or the code of its refusal or error. */
async function mutate({ ask }: Person, call: string, selection: string) {
  const { data, errors } = await ask(`mutation { done: ${call} { __typename ${selection} ... on Refusal { code } } }`);
  return errors?.[0]?.extensions.code ?? data.done.code ?? data.done;
}

test("a transferred personal organization is no longer personal, and its new Owner can delete and restore it", async () => {
  const founder = await service.person("Fay");
  const mine = await founder.ask("{ viewer { memberships { organization { id name isPersonal } } } }");
  const { id, name, isPersonal } = mine.data.viewer.memberships[0].organization;
  expect(isPersonal).toBe(true);
  await founder.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  const owner = await join(service, founder, id, "ADMIN");
  const remove = `deleteOrganization(input: { organizationId: "${id}", confirmName: "${name}" })`;
  expect(await mutate(founder, remove, "")).toBe("INVALID_INPUT");
  const transfer = `transferOwnership(input: { organizationId: "${id}", memberId: "${owner.memberId}" })`;
  await mutate(founder, transfer, "");
  for (const { ask } of [founder, owner]) {
    const { data } = await ask(`{ organization(id: "${id}") { isPersonal } }`);
    expect(data.organization.isPersonal).toBe(false);
  }
  expect(await mutate(founder, remove, "")).toBe("FORBIDDEN");
  expect(await mutate(owner, remove, "")).toEqual({ __typename: "DeleteOrganizationSuccess" });
  const restore = `restoreOrganization(input: { organizationId: "${id}" })`;
  expect(await mutate(owner, restore, "")).toEqual({ __typename: "RestoreOrganizationSuccess" });
  expect(await mutate(founder, `leaveOrganization(input: { organizationId: "${id}" })`, "")).toEqual({
    __typename: "LeaveOrganizationSuccess",
  });
});

test("an Admin's dormant override is shown, also in the response to the change after which it applies again", async () => {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const member = await join(service, owner, id, "DEVELOPER");
  const { data } = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id } } } }`);
  const workspaceId = data.organization.workspaces.nodes[0].id;
  await mutate(
    owner,
    `grantWorkspaceAccess(input: { organizationId: "${id}", workspaceId: "${workspaceId}", memberId: "${member.memberId}", roleOverride: ADMIN })`,
    "",
  );
  const change = (role: string) =>
    mutate(
      owner,
      `changeMemberRole(input: { organizationId: "${id}", memberId: "${member.memberId}", role: ${role} })`,
      "... on ChangeMemberRoleSuccess { member { workspaceAccess { role source roleOverride dormantOverride } } }",
    );
  expect((await change("ADMIN")).member.workspaceAccess).toEqual([
    { role: "ADMIN", source: "ORGANIZATION_ROLE", roleOverride: null, dormantOverride: "ADMIN" },
  ]);
  const listed = await owner.ask(
    `{ workspace(id: "${workspaceId}") { access { nodes { member { id } dormantOverride } } } }`,
  );
  expect(listed.data.workspace.access.nodes).toContainEqual({
    member: { id: member.memberId },
    dormantOverride: "ADMIN",
  });
  expect((await change("VIEWER")).member.workspaceAccess).toEqual([
    { role: "ADMIN", source: "OVERRIDE", roleOverride: "ADMIN", dormantOverride: null },
  ]);
  const log = await owner.ask(`{ organization(id: "${id}") { auditLog(first: 1) { nodes { type summary } } } }`);
  expect(log.data.organization.auditLog.nodes).toEqual([
    {
      type: "member.role_changed",
      summary: "Joined was Admin and is now Viewer. Overrides that apply again: Admin in “Default”.",
    },
  ]);
});
