import { commands } from "../../src/commands";
import type { Command } from "../../src/commands/runner/command";
import { runCommand } from "../../src/commands/runner/run";
import type { OrganizationRole } from "../../src/domain/role";
import { type Actor, outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let workspaceId: string;
let defaultWorkspaceId: string;
const members = {} as Record<OrganizationRole, Actor>;

beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  workspaceId = await acme.workspace("Production");
  const text = "SELECT id FROM workspace WHERE organization_id = $1 AND is_default";
  defaultWorkspaceId = (await world.query<{ id: string }>(text, acme.id))[0]?.id ?? "";
  for (const role of ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const) {
    members[role] = await acme.member(role, role === "DEVELOPER" || role === "VIEWER" ? [workspaceId] : []);
  }
});
afterAll(() => world.close());

const MANAGERS = ["OWNER", "ADMIN"];
const OWNERS = ["OWNER"];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  updateOrganization: MANAGERS,
  transferOwnership: OWNERS,
  deleteOrganization: OWNERS,
  restoreOrganization: OWNERS,
  inviteMembers: MANAGERS,
  resendInvitation: MANAGERS,
  cancelInvitation: MANAGERS,
  changeMemberRole: MANAGERS,
  removeMember: MANAGERS,
  setWorkspaceAccess: MANAGERS,
  grantWorkspaceAccess: MANAGERS,
  revokeWorkspaceAccess: MANAGERS,
  createWorkspace: MANAGERS,
  updateWorkspace: MANAGERS,
  deleteWorkspace: MANAGERS,
  changePlan: OWNERS,
  cancelScheduledPlan: OWNERS,
};

// The inputs name things that do not exist, so that an allowed command changes nothing.
const inputOf = (name: string) => ({
  organizationId: acme.id,
  workspaceId: name === "deleteWorkspace" ? defaultWorkspaceId : workspaceId,
  memberId: "nobody",
  invitationId: "none",
  emails: [],
  role: "VIEWER",
  grants: [],
  name: " ",
  confirmName: "wrong",
  planCode: "NONE",
  cloudProvider: "AWS",
});

describe.each(Object.keys(ALLOWED))("%s", (name) => {
  const command = commands[name as keyof typeof commands] as unknown as Command<object, unknown>;

  test.each(["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const)("is allowed for the right roles: %s", async (role) => {
    const outcome = await outcomeOf(members[role].run(command, inputOf(name)));
    if (ALLOWED[name]?.includes(role)) expect(outcome).not.toBe("FORBIDDEN");
    else expect(outcome).toBe("FORBIDDEN");
  });

  test("is NOT_FOUND for strangers, FORBIDDEN for services and UNAUTHENTICATED for anonymous viewers", async () => {
    const stranger = await world.person();
    expect(await outcomeOf(stranger.run(command, inputOf(name)))).toBe("NOT_FOUND");
    const service = { kind: "service", name: "s", scopes: new Set(["users:provision"] as const) } as const;
    expect(await outcomeOf(runCommand(world.replica(), service, command, inputOf(name)))).toBe("FORBIDDEN");
    expect(await outcomeOf(runCommand(world.replica(), { kind: "anonymous" }, command, inputOf(name)))).toBe(
      "UNAUTHENTICATED",
    );
  });
});

test("an Admin can neither make somebody Owner nor change an Owner", async () => {
  const { ADMIN, OWNER, VIEWER } = members;
  const change = (memberId: string, role: OrganizationRole) =>
    outcomeOf(ADMIN.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role }));
  expect(await change(VIEWER.memberId, "OWNER")).toBe("ROLE_TOO_HIGH");
  expect(await change(OWNER.memberId, "VIEWER")).toBe("ROLE_TOO_HIGH");
  const remove = { organizationId: acme.id, memberId: OWNER.memberId };
  expect(await outcomeOf(ADMIN.run(commands.removeMember, remove))).toBe("ROLE_TOO_HIGH");
  const invite = { organizationId: acme.id, emails: ["x@example.com"], role: "OWNER" as const };
  expect(await outcomeOf(ADMIN.run(commands.inviteMembers, invite))).toBe("ROLE_TOO_HIGH");
  expect(await outcomeOf(OWNER.run(commands.inviteMembers, invite))).toBe("INVALID_INPUT");
});

test("a Developer who becomes Admin and then Developer again has the same assignments as before", async () => {
  const dev = await acme.member("DEVELOPER", [workspaceId]);
  const change = (role: OrganizationRole) =>
    acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId: dev.memberId, role });
  const assignments = () =>
    world.query("SELECT workspace_id FROM workspace_assignment WHERE member_id = $1", dev.memberId);
  const before = await assignments();
  await change("ADMIN");
  const grant = { organizationId: acme.id, workspaceId, memberId: dev.memberId };
  expect(await outcomeOf(acme.owner.run(commands.grantWorkspaceAccess, grant))).toBe("IMPLICIT_ACCESS");
  await change("DEVELOPER");
  expect(await assignments()).toEqual(before);
  expect(before).toHaveLength(1);
});

test("leaving and being removed end all workspace access", async () => {
  const [leaver, removed] = [await acme.member("VIEWER", [workspaceId]), await acme.member("VIEWER", [workspaceId])];
  await leaver.run(commands.leaveOrganization, { organizationId: acme.id });
  await acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: removed.memberId });
  const left = "SELECT 1 FROM workspace_assignment WHERE member_id IN ($1, $2)";
  expect(await world.query(left, leaver.memberId, removed.memberId)).toEqual([]);
});

test("a Viewer who is Admin of a workspace can manage that workspace, but no other and not the organization", async () => {
  const lead = await acme.member("VIEWER");
  const other = await acme.workspace("Other");
  const grant = { organizationId: acme.id, workspaceId, memberId: lead.memberId, roleOverride: "ADMIN" as const };
  await acme.owner.run(commands.grantWorkspaceAccess, grant);
  const give = {
    organizationId: acme.id,
    workspaceId,
    memberId: members.VIEWER.memberId,
    roleOverride: "DEVELOPER" as const,
  };
  expect(await outcomeOf(lead.run(commands.grantWorkspaceAccess, give))).toBe("ok");
  expect(await outcomeOf(lead.run(commands.grantWorkspaceAccess, { ...give, workspaceId: other }))).toBe("NOT_FOUND");
  expect(await outcomeOf(lead.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId }))).toBe(
    "FORBIDDEN",
  );
  const set = { organizationId: acme.id, memberId: members.VIEWER.memberId, grants: [] };
  expect(await outcomeOf(lead.run(commands.setWorkspaceAccess, set))).toBe("FORBIDDEN");
});

test("things of another organization are not found", async () => {
  const foreign = await world.organization();
  const theirs = await foreign.member("VIEWER");
  const theirWorkspace = await foreign.workspace("Theirs");
  const run = acme.owner.run;
  const organizationId = acme.id;
  const outcomes = await Promise.all([
    outcomeOf(run(commands.removeMember, { organizationId, memberId: theirs.memberId })),
    outcomeOf(run(commands.updateWorkspace, { organizationId, workspaceId: theirWorkspace, name: "Mine" })),
    outcomeOf(run(commands.deleteWorkspace, { organizationId, workspaceId: theirWorkspace })),
    outcomeOf(acme.invite("y@example.com", "VIEWER", [theirWorkspace])),
  ]);
  expect(outcomes).toEqual(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
});
