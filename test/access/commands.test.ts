import { commands } from "../../src/commands";
import { assignmentsOf } from "../../src/store/workspace-assignment";
import { accessEvents, grantUntil, HOUR_MS, storedAccess, temporaryMember, timeIn } from "../support/temporary-access";
import { outcomeOf, type TestOrganization, World } from "../support/world";

/** How commands treat access that ends. Each limit in time is tried one millisecond before it, and at it. */

let world: World;
let acme: TestOrganization;
let workspaceId: string;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
  workspaceId = await acme.workspace("Project");
});
afterAll(() => world.close());

const changes = async () => (await accessEvents(acme)).map(({ data }) => data);
const asData = (expiresAt: Date | null, roleOverride: string | null = null) => ({
  workspaceId,
  roleOverride,
  expiresAt: expiresAt?.toISOString() ?? null,
});
const set = ({ memberId }: { memberId: string }, grants: Array<{ workspaceId: string; expiresAt?: Date | null }>) =>
  acme.owner.run(commands.setWorkspaceAccess, { organizationId: acme.id, memberId, grants });

describe("the end of access is in the future, and at most five years away", () => {
  const fiveYears = () => {
    const time = world.clock.now();
    time.setUTCFullYear(time.getUTCFullYear() + 5);
    return time;
  };
  const later = (time: Date) => new Date(time.getTime() + 1);
  test.each<[string, () => Date, boolean]>([
    ["now", () => world.clock.now(), false],
    ["a millisecond from now", () => timeIn(acme, 1), true],
    ["five years from now", fiveYears, true],
    ["a millisecond later", () => later(fiveYears()), false],
  ])("%s", async (_, timeOf, isValid) => {
    const member = await acme.member("VIEWER");
    const expiresAt = timeOf();
    const events = (await acme.eventTypes()).length;
    const invite = { organizationId: acme.id, emails: ["a@example.com"], role: "VIEWER" as const };
    const refused = async (running: Promise<unknown>, path: string[]) =>
      expect(await running.catch((error) => error.refusal)).toMatchObject({ code: "INVALID_INPUT", path });
    if (isValid) {
      await set(member, [{ workspaceId, expiresAt }]);
      await grantUntil(acme, member, workspaceId, expiresAt);
      await acme.owner.run(commands.inviteMembers, { ...invite, workspaces: [{ workspaceId, expiresAt }] });
      expect(await storedAccess(acme, member.memberId)).toEqual([{ workspaceId, roleOverride: null, expiresAt }]);
      return;
    }
    await refused(set(member, [{ workspaceId, expiresAt }]), ["grants", "0", "expiresAt"]);
    await refused(grantUntil(acme, member, workspaceId, expiresAt), ["expiresAt"]);
    const workspaces = [{ workspaceId, expiresAt }];
    await refused(acme.owner.run(commands.inviteMembers, { ...invite, workspaces }), ["workspaces", "0", "expiresAt"]);
    expect(await storedAccess(acme, member.memberId)).toEqual([]);
    expect(await acme.eventTypes()).toHaveLength(events);
  });
});

test("granting, extending, shortening and making access permanent each write an event with the value before and after", async () => {
  const member = await acme.member("DEVELOPER");
  const [first, longer, sooner] = [timeIn(acme, HOUR_MS), timeIn(acme, 2 * HOUR_MS), timeIn(acme, 1)];
  for (const end of [first, longer, sooner, null, null]) await grantUntil(acme, member, workspaceId, end);
  const grants = [first, longer, sooner, null].map((end) => asData(end));
  expect(await changes()).toEqual(
    grants.map((after, n) => ({ userId: member.id, before: grants.slice(n - 1, n), after: [after] })),
  );
  const summaries = await world.query<{ summary: string }>(
    "SELECT summary FROM organization_event WHERE organization_id = $1 AND type = 'workspace_access.changed' ORDER BY sequence",
    acme.id,
  );
  expect(summaries.map(({ summary }) => summary)).toEqual([
    ...[first, longer, sooner].map(
      (end) => `${member.name} has access to “Project” as Developer until ${end.toISOString()}.`,
    ),
    `${member.name} has access to “Project” as Developer.`,
  ]);
});

test("replacing all of a member's workspaces replaces the ends of access, too; without an end, access is permanent", async () => {
  const member = await acme.member("DEVELOPER");
  const [end, other] = [timeIn(acme, HOUR_MS), await acme.workspace("Other")];
  const both = [workspaceId, other].sort();
  await set(member, [
    { workspaceId: other, expiresAt: null },
    { workspaceId, expiresAt: end },
  ]);
  expect(await storedAccess(acme, member.memberId)).toEqual(
    both.map((id) => ({ workspaceId: id, roleOverride: null, expiresAt: id === other ? null : end })),
  );
  await set(member, [{ workspaceId, expiresAt: end }, { workspaceId: other }]);
  expect(await changes()).toHaveLength(1);
  await set(member, [{ workspaceId }]);
  expect(await storedAccess(acme, member.memberId)).toEqual([{ workspaceId, roleOverride: null, expiresAt: null }]);
  expect(await changes()).toHaveLength(2);
});

test("an Admin of a workspace can manage it until their access ends", async () => {
  const { member: admin, workspaceId: theirs, end } = await temporaryMember(acme, HOUR_MS);
  await grantUntil(acme, admin, theirs, end, "ADMIN");
  const { memberId } = await acme.member("VIEWER");
  const ids = { organizationId: acme.id, workspaceId: theirs };
  const attempts: Array<() => Promise<unknown>> = [
    () => admin.run(commands.updateWorkspace, { ...ids, description: String(world.clock.now()) }),
    () => admin.run(commands.grantWorkspaceAccess, { ...ids, memberId }),
    () => admin.run(commands.revokeWorkspaceAccess, { ...ids, memberId }),
  ];
  world.clock.pass(HOUR_MS - 1);
  for (const attempt of attempts) expect(await outcomeOf(attempt())).toBe("ok");
  world.clock.pass(1);
  for (const attempt of attempts) expect(await outcomeOf(attempt())).toBe("NOT_FOUND");
});

test("a command is refused if the right ends while it waits for the lock", async () => {
  const { member: admin, workspaceId: theirs, end } = await temporaryMember(acme, HOUR_MS);
  await grantUntil(acme, admin, theirs, end, "ADMIN");
  world.clock.pass(HOUR_MS - 1);
  const blocker = world.database.dataSource.createQueryRunner();
  await blocker.startTransaction();
  await blocker.query("SELECT FROM organization WHERE id = $1 FOR NO KEY UPDATE", [acme.id]);
  const ids = { organizationId: acme.id, workspaceId: theirs };
  const running = outcomeOf(admin.run(commands.updateWorkspace, { ...ids, description: "Late" }));
  const waiting = `SELECT FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%FOR NO KEY UPDATE%'`;
  while ((await world.query(waiting)).length === 0) await new Promise(setImmediate);
  world.clock.pass(1);
  await blocker.commitTransaction();
  await blocker.release();
  expect(await running).toBe("NOT_FOUND");
});

test("a lower organization role does not bring back an override that has ended", async () => {
  const { member, workspaceId: theirs, end } = await temporaryMember(acme, HOUR_MS);
  await grantUntil(acme, member, theirs, end, "ADMIN");
  const change = (role: "ADMIN" | "DEVELOPER") =>
    acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId: member.memberId, role });
  const back = async () => {
    await change("ADMIN");
    await change("DEVELOPER");
    const [row] = await world.query<{ data: { after: { overridesBack?: unknown[] } } }>(
      "SELECT data FROM organization_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1",
      acme.id,
    );
    return row?.data.after.overridesBack ?? [];
  };
  world.clock.pass(HOUR_MS - 1);
  expect(await back()).toEqual([{ workspaceId: theirs, roleOverride: "ADMIN", expiresAt: end.toISOString() }]);
  world.clock.pass(1);
  expect(await back()).toEqual([]);
});

test("commands compare with assignments that have not ended", async () => {
  const { member, end } = await temporaryMember(acme, HOUR_MS);
  const key = { id: member.memberId, organizationId: acme.id };
  expect(await assignmentsOf(world.database, key, new Date(end.getTime() - 1))).toHaveLength(1);
  expect(await assignmentsOf(world.database, key, end)).toEqual([]);
});

test("the event of new workspaces says what is different, also if only an end is", async () => {
  const member = await acme.member("DEVELOPER");
  const second = await acme.workspace("Second");
  const [one, two] = [timeIn(acme, HOUR_MS), timeIn(acme, 2 * HOUR_MS)];
  await set(member, [{ workspaceId, expiresAt: one }]);
  await set(member, [{ workspaceId, expiresAt: two }, { workspaceId: second }]);
  await set(member, [{ workspaceId: second, expiresAt: two }]);
  const log = await world.query<{ summary: string }>(
    "SELECT summary FROM organization_event WHERE organization_id = $1 AND type = 'workspace_access.changed' ORDER BY sequence",
    acme.id,
  );
  const summaries = log.map(({ summary }) => summary.replace(/^.* now/, "now"));
  expect(summaries).toEqual([
    "now has access to 1 workspace: 1 added.",
    "now has access to 2 workspaces: 1 added, 1 with another end.",
    "now has access to 1 workspace: 1 removed, 1 with another end.",
  ]);
});

test("an Admin of a workspace cannot extend their own access; others can, and the Admin can shorten it", async () => {
  const [admin, other] = [await acme.member("DEVELOPER"), await acme.member("VIEWER")];
  const end = timeIn(acme, HOUR_MS);
  const give = (by: typeof admin, to: typeof admin, expiresAt: Date | null, roleOverride: "ADMIN" | null = "ADMIN") => {
    const place = { organizationId: acme.id, workspaceId, memberId: to.memberId };
    return outcomeOf(by.run(commands.grantWorkspaceAccess, { ...place, roleOverride, expiresAt }));
  };
  expect(await give(acme.owner, admin, end)).toBe("ok");
  const events = (await acme.eventTypes()).length;
  for (const later of [null, new Date(end.getTime() + 1)]) {
    expect(await give(admin, admin, later)).toBe("OWN_ACCESS");
    expect(await give(admin, admin, later, null)).toBe("OWN_ACCESS");
  }
  expect(await acme.eventTypes()).toHaveLength(events);
  expect(await storedAccess(acme, admin.memberId)).toEqual([{ workspaceId, roleOverride: "ADMIN", expiresAt: end }]);
  expect(await give(admin, other, null)).toBe("ok");
  const sooner = new Date(end.getTime() - 1);
  expect([await give(admin, admin, end), await give(admin, admin, sooner)]).toEqual(["ok", "ok"]);
  expect([await give(admin, admin, end), await give(other, admin, end)]).toEqual(["OWN_ACCESS", "ok"]);
  expect(await give(other, other, null, null)).toBe("ok");
});
