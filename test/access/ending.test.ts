import { commands } from "../../src/commands";
import { sweepWorkspaceAccess } from "../../src/jobs/workspace-access";
import { keepFormerMembers } from "../../src/store/former-member";
import { assignmentsOf, namedAssignmentsOf } from "../../src/store/workspace-assignment";
import { accessEvents, DAY_MS, grantUntil, HOUR_MS, temporaryMember, timeIn } from "../support/temporary-access";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterAll(() => world.close());

const sweep = () => sweepWorkspaceAccess(world.replica());
const expiredIn = async (organization: TestOrganization) =>
  (await accessEvents(organization)).filter(({ type }) => type === "workspace_access.expired");
const stored = (memberId: string) =>
  world.query("SELECT workspace_id, expires_at FROM workspace_assignment WHERE member_id = $1", memberId);

test("the job removes access at its end, not a millisecond earlier, and records that once", async () => {
  const { member, workspaceId, end } = await temporaryMember(acme, HOUR_MS);
  world.clock.pass(HOUR_MS - 1);
  await sweep();
  expect(await stored(member.memberId)).toHaveLength(1);
  expect(await expiredIn(acme)).toEqual([]);
  world.clock.pass(1);
  await Promise.all([sweep(), sweep(), sweep()]);
  await sweep();
  expect(await stored(member.memberId)).toEqual([]);
  const grant = { workspaceId, roleOverride: null, expiresAt: end.toISOString() };
  const data = { userId: member.id, before: [grant], after: [] };
  expect(await expiredIn(acme)).toEqual([
    { type: "workspace_access.expired", actor: "system", at: end, workspaceId, data },
  ]);
});

test("the job removes the ended access of many members in many organizations, and no other", async () => {
  const globex = await world.organization();
  const [permanent] = [await globex.member("VIEWER")];
  const [later, now] = [await globex.workspace("Later"), await globex.workspace("Now")];
  await grantUntil(globex, permanent, later, timeIn(globex, HOUR_MS + 1));
  await grantUntil(globex, permanent, now, timeIn(globex, HOUR_MS));
  await grantUntil(globex, permanent, await globex.workspace("Stays"), null);
  await temporaryMember(acme, HOUR_MS);
  // Deleting takes more than one transaction.
  await world.query(
    `WITH w AS (
       INSERT INTO workspace (id, organization_id, name, name_key, description, cloud_provider, is_default, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'W' || n, 'w' || n, '', 'AWS', false, $3, $3 FROM generate_series(1, 1100) n RETURNING id)
     INSERT INTO workspace_assignment (organization_id, workspace_id, member_id, expires_at) SELECT $1, id, $2, $4 FROM w`,
    ...[acme.id, acme.owner.memberId, world.clock.now(), timeIn(acme, HOUR_MS)],
  );
  world.clock.pass(HOUR_MS);
  await sweep();
  expect(await expiredIn(acme)).toHaveLength(1101);
  expect((await expiredIn(globex)).map(({ workspaceId }) => workspaceId)).toEqual([now]);
  expect(await stored(permanent.memberId)).toHaveLength(2);
});

test("ends of access are recorded in their order", async () => {
  const [last, first, second] = [
    await temporaryMember(acme, 3 * HOUR_MS),
    await temporaryMember(acme, HOUR_MS),
    await temporaryMember(acme, 2 * HOUR_MS),
  ];
  world.clock.pass(3 * HOUR_MS);
  await sweep();
  const ended = (await expiredIn(acme)).map(({ workspaceId }) => workspaceId);
  expect(ended).toEqual([first, second, last].map(({ workspaceId }) => workspaceId));
});

describe("a command that runs before the job records the end of access, and the job does not repeat it", () => {
  const other = () => acme.workspace("Other");
  test.each<[string, (ended: Awaited<ReturnType<typeof temporaryMember>>) => Promise<unknown>]>([
    ["grantWorkspaceAccess", ({ member, workspaceId }) => grantUntil(acme, member, workspaceId, timeIn(acme, HOUR_MS))],
    ["grantWorkspaceAccess to another workspace", async ({ member }) => grantUntil(acme, member, await other(), null)],
    [
      "revokeWorkspaceAccess",
      ({ member: { memberId }, workspaceId }) =>
        acme.owner.run(commands.revokeWorkspaceAccess, { organizationId: acme.id, workspaceId, memberId }),
    ],
    [
      "setWorkspaceAccess",
      ({ member: { memberId }, workspaceId }) =>
        acme.owner.run(commands.setWorkspaceAccess, {
          organizationId: acme.id,
          memberId,
          grants: [{ workspaceId, expiresAt: timeIn(acme, HOUR_MS) }],
        }),
    ],
    [
      "removeMember",
      ({ member: { memberId } }) => acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId }),
    ],
    ["leaveOrganization", ({ member }) => member.run(commands.leaveOrganization, { organizationId: acme.id })],
    [
      "deleteWorkspace",
      ({ workspaceId }) => acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId }),
    ],
  ])("%s", async (_, command) => {
    const ended = await temporaryMember(acme, HOUR_MS);
    const untouched = await temporaryMember(acme, HOUR_MS);
    world.clock.pass(HOUR_MS);
    expect(await outcomeOf(command(ended))).toBe("ok");
    expect((await expiredIn(acme)).map(({ workspaceId }) => workspaceId)).toEqual([ended.workspaceId]);
    await sweep();
    const workspaces = (await expiredIn(acme)).map(({ workspaceId }) => workspaceId);
    expect(workspaces).toEqual([ended.workspaceId, untouched.workspaceId]);
  });
});

test("commands do not change access that has ended, and can grant it again", async () => {
  const { member, workspaceId, end } = await temporaryMember(acme, HOUR_MS);
  world.clock.pass(HOUR_MS);
  const again = timeIn(acme, HOUR_MS);
  await grantUntil(acme, member, workspaceId, again);
  const [, expired, changed] = await accessEvents(acme);
  const grant = (expiresAt: Date) => ({ workspaceId, roleOverride: null, expiresAt: expiresAt.toISOString() });
  expect(expired?.data).toEqual({ userId: member.id, before: [grant(end)], after: [] });
  expect(changed?.data).toEqual({ userId: member.id, before: [], after: [grant(again)] });
});

test("the job and a command that extends access at the same moment record a consistent outcome", async () => {
  for (let round = 0; round < 10; round++) {
    const { member, workspaceId } = await temporaryMember(acme, HOUR_MS);
    const before = (await accessEvents(acme)).length;
    world.clock.pass(HOUR_MS);
    await Promise.all([sweep(), grantUntil(acme, member, workspaceId, timeIn(acme, HOUR_MS)), sweep()]);
    const types = (await accessEvents(acme)).slice(before).map(({ type }) => type);
    expect(types).toEqual(["workspace_access.expired", "workspace_access.changed"]);
    expect(await stored(member.memberId)).toEqual([{ workspace_id: workspaceId, expires_at: timeIn(acme, HOUR_MS) }]);
    world.clock.pass(HOUR_MS);
    await sweep();
  }
});

test("a warning that is due while the organization is deleted is sent after the restoration", async () => {
  const { member } = await temporaryMember(acme, 3 * DAY_MS);
  const warned = async () => {
    await sweep();
    const text =
      "SELECT payload ->> 'memberId' AS id FROM graphile_worker._private_jobs WHERE payload ->> 'organizationId' = $1";
    return (await world.query<{ id: string }>(text, acme.id)).map(({ id }) => id);
  };
  await world.query("DELETE FROM graphile_worker._private_jobs");
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  world.clock.pass(2 * DAY_MS);
  expect(await warned()).toEqual([]);
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  expect(await warned()).toEqual([member.memberId]);
});

test("changes do not see access that has ended, even before anything deletes it", async () => {
  const { member } = await temporaryMember(acme, HOUR_MS);
  const key = { id: member.memberId, organizationId: acme.id };
  const seen = async () => {
    const now = world.clock.now();
    const assignments = await assignmentsOf(world.database, key, now);
    const named = await namedAssignmentsOf(world.database, key, now);
    await keepFormerMembers(world.database, acme.id, [key.id], { now, hasLeft: true });
    const former = await world.query<{ n: number }>(
      "DELETE FROM former_member WHERE id = $1 RETURNING jsonb_array_length(grants) AS n",
      key.id,
    );
    return [assignments.length, named.length, ...former.flat().map(({ n }) => n)];
  };
  world.clock.pass(HOUR_MS - 1);
  expect((await seen()).slice(0, 3)).toEqual([1, 1, 1]);
  world.clock.pass(1);
  expect((await seen()).slice(0, 3)).toEqual([0, 0, 0]);
});

test("a deleted organization, too, records the end of access once, and is restored without that access", async () => {
  const { member } = await temporaryMember(acme, HOUR_MS);
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  world.clock.pass(HOUR_MS);
  await sweep();
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  await sweep();
  expect(await stored(member.memberId)).toEqual([]);
  expect(await expiredIn(acme)).toHaveLength(1);
});
