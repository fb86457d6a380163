import { commands } from "../../src/commands";
import type { OrganizationRole, WorkspaceRole } from "../../src/domain/role";
import { effectiveAccess, reactivatedOverrides } from "../../src/domain/workspace-access";
import { workspaceAccessPages } from "../../src/store/views/workspace-access";
import { type Actor, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
});
afterAll(() => world.close());

const END = new Date("2027-01-01T00:00:00Z");
const OVERRIDES = ["ADMIN", "DEVELOPER", "VIEWER", null] as const;

test.each(["OWNER", "ADMIN"] as const)("an %s is ADMIN of every workspace, whatever assignments are stored", (role) => {
  const everywhere = { role: "ADMIN", source: "ORGANIZATION_ROLE", roleOverride: null, expiresAt: null };
  expect(effectiveAccess(role, null)).toEqual({ ...everywhere, dormantOverride: null });
  for (const roleOverride of OVERRIDES) {
    const stored = { roleOverride, expiresAt: END };
    expect(effectiveAccess(role, stored)).toEqual({ ...everywhere, dormantOverride: roleOverride });
  }
});

test.each(["DEVELOPER", "VIEWER"] as const)(
  "a %s has access to assigned workspaces, with the override or the organization role",
  (role) => {
    expect(effectiveAccess(role, null)).toBeNull();
    for (const roleOverride of OVERRIDES) {
      expect(effectiveAccess(role, { roleOverride, expiresAt: END })).toEqual({
        role: roleOverride ?? role,
        source: roleOverride ? "OVERRIDE" : "ASSIGNED",
        roleOverride,
        dormantOverride: null,
        expiresAt: END,
      });
    }
  },
);

test("overrides apply again only when members stop being Owner or Admin", () => {
  const stored = [{ roleOverride: "ADMIN" as const }, { roleOverride: null }];
  const roles = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const;
  const back = roles.flatMap((before) =>
    roles
      .filter((after) => reactivatedOverrides(before, after, stored).length > 0)
      .map((after) => `${before} ${after}`),
  );
  expect(back).toEqual(["OWNER DEVELOPER", "OWNER VIEWER", "ADMIN DEVELOPER", "ADMIN VIEWER"]);
  expect(reactivatedOverrides("ADMIN", "VIEWER", stored)).toEqual([{ roleOverride: "ADMIN" }]);
});

const change = (member: Actor, role: OrganizationRole) =>
  acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId: member.memberId, role });
const override = (member: Actor, workspaceId: string, roleOverride: WorkspaceRole) =>
  acme.owner.run(commands.grantWorkspaceAccess, {
    organizationId: acme.id,
    workspaceId,
    memberId: member.memberId,
    roleOverride,
  });
async function accessOf(member: Actor) {
  const { loaders } = world.context(acme.owner);
  const loaded = await loaders.member.load(member.memberId);
  const access = loaded ? await loaders.memberAccess.load(loaded) : [];
  return access
    .filter(({ workspace }) => !workspace.isDefault)
    .map(({ workspace, role, source, dormantOverride }) => [workspace.name, role, source, dormantOverride]);
}
const lastChange = async () => {
  const [row] = await world.query<{ summary: string; data: { after: object } }>(
    `SELECT summary, data FROM organization_event WHERE organization_id = $1 AND type = 'member.role_changed'
     ORDER BY sequence DESC LIMIT 1`,
    acme.id,
  );
  return row;
};

test("the override of an Admin is shown as dormant, and the log has it when it applies again", async () => {
  const [production, gone, plain] = [
    await acme.workspace("Production"),
    await acme.workspace("Gone"),
    await acme.workspace("Plain"),
  ];
  const member = await acme.member("DEVELOPER", [plain]);
  await override(member, production, "ADMIN");
  await override(member, gone, "ADMIN");
  await change(member, "ADMIN");
  expect((await lastChange())?.data.after).toEqual({ role: "ADMIN" });
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: gone });
  expect(await accessOf(member)).toEqual([
    ["Production", "ADMIN", "ORGANIZATION_ROLE", "ADMIN"],
    ["Plain", "ADMIN", "ORGANIZATION_ROLE", null],
  ]);
  const viewer = { userId: member.id, all: false, now: world.clock.now() };
  const page = await workspaceAccessPages(world.database, viewer, [production], { limit: 10, after: null });
  const listed = page.find((each) => each.member.id === member.memberId);
  expect(listed).toMatchObject({ role: "ADMIN", source: "ORGANIZATION_ROLE", dormantOverride: "ADMIN" });
  await change(member, "VIEWER");
  expect(await lastChange()).toMatchObject({
    summary: `${member.name} was Admin and is now Viewer. Overrides that apply again: Admin in “Production”.`,
    data: { after: { role: "VIEWER", overridesBack: [{ workspaceId: production, roleOverride: "ADMIN" }] } },
  });
  expect(await accessOf(member)).toEqual([
    ["Production", "ADMIN", "OVERRIDE", null],
    ["Plain", "VIEWER", "ASSIGNED", null],
  ]);
  await change(member, "DEVELOPER");
  expect(await lastChange()).toMatchObject({ summary: `${member.name} was Viewer and is now Developer.` });
});

test("a summary names ten overrides and counts the rest; overrides below the organization role apply again, too", async () => {
  const member = await acme.member("DEVELOPER");
  const names = Array.from({ length: 12 }, (_, n) => `W${String(n).padStart(2, "0")}`);
  for (const name of names) await override(member, await acme.workspace(name), "VIEWER");
  await change(member, "OWNER");
  await change(member, "DEVELOPER");
  const named = names.slice(0, 10).map((name) => `Viewer in “${name}”`);
  expect((await lastChange())?.summary).toBe(
    `${member.name} was Owner and is now Developer. Overrides that apply again: ${named.join(", ")} and 2 more.`,
  );
});
