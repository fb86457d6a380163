import { commands } from "../../src/commands";
import { tokenHash } from "../../src/commands/invitation/link";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { openInvitations } from "../../src/store/open-invitations";
import { previewInvitation } from "../../src/store/views/invitation-preview";
import { accessEvents, DAY_MS, giveUntil, HOUR_MS, temporaryMember, timeIn } from "../support/temporary-access";
import { outcomeOf, type TestOrganization, World } from "../support/world";

/** What commands do with access that ends. Limits in time are tried a millisecond before and at them. */

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

const stored = (memberId: string) =>
  world.query<{ workspaceId: string; roleOverride: string | null; expiresAt: Date | null }>(
    `SELECT workspace_id AS "workspaceId", role_override AS "roleOverride", expires_at AS "expiresAt"
     FROM workspace_assignment WHERE member_id = $1 ORDER BY workspace_id`,
    memberId,
  );
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
      await giveUntil(acme, member, workspaceId, expiresAt);
      await acme.owner.run(commands.inviteMembers, { ...invite, workspaces: [{ workspaceId, expiresAt }] });
      expect(await stored(member.memberId)).toEqual([{ workspaceId, roleOverride: null, expiresAt }]);
      return;
    }
    await refused(set(member, [{ workspaceId, expiresAt }]), ["grants", "0", "expiresAt"]);
    await refused(giveUntil(acme, member, workspaceId, expiresAt), ["expiresAt"]);
    const workspaces = [{ workspaceId, expiresAt }];
    await refused(acme.owner.run(commands.inviteMembers, { ...invite, workspaces }), ["workspaces", "0", "expiresAt"]);
    expect(await stored(member.memberId)).toEqual([]);
    expect(await acme.eventTypes()).toHaveLength(events);
  });
});

test("giving access, extending it, ending it sooner and making it stay are events with before and after", async () => {
  const member = await acme.member("DEVELOPER");
  const [first, longer, sooner] = [timeIn(acme, HOUR_MS), timeIn(acme, 2 * HOUR_MS), timeIn(acme, 1)];
  for (const end of [first, longer, sooner, null, null]) await giveUntil(acme, member, workspaceId, end);
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

test("a whole set of access is replaced with its ends; without an end, access stays", async () => {
  const member = await acme.member("DEVELOPER");
  const [end, other] = [timeIn(acme, HOUR_MS), await acme.workspace("Other")];
  const both = [workspaceId, other].sort();
  await set(member, [
    { workspaceId: other, expiresAt: null },
    { workspaceId, expiresAt: end },
  ]);
  expect(await stored(member.memberId)).toEqual(
    both.map((id) => ({ workspaceId: id, roleOverride: null, expiresAt: id === other ? null : end })),
  );
  await set(member, [{ workspaceId, expiresAt: end }, { workspaceId: other }]);
  expect(await changes()).toHaveLength(1);
  await set(member, [{ workspaceId }]);
  expect(await stored(member.memberId)).toEqual([{ workspaceId, roleOverride: null, expiresAt: null }]);
  expect(await changes()).toHaveLength(2);
});

test("a workspace's Admin manages it until their access ends", async () => {
  const { member: admin, workspaceId: theirs, end } = await temporaryMember(acme, HOUR_MS);
  await giveUntil(acme, admin, theirs, end, "ADMIN");
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

test("a command that waits for the lock past the end of its right is refused", async () => {
  const { member: admin, workspaceId: theirs, end } = await temporaryMember(acme, HOUR_MS);
  await giveUntil(acme, admin, theirs, end, "ADMIN");
  world.clock.pass(HOUR_MS - 1);
  const blocker = world.database.dataSource.createQueryRunner();
  await blocker.startTransaction();
  await blocker.query("SELECT FROM organization WHERE id = $1 FOR NO KEY UPDATE", [acme.id]);
  const ids = { organizationId: acme.id, workspaceId: theirs };
  const running = outcomeOf(admin.run(commands.updateWorkspace, { ...ids, description: "Late" }));
  const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'";
  while ((await world.query(waiting)).length === 0) await new Promise(setImmediate);
  world.clock.pass(1);
  await blocker.commitTransaction();
  await blocker.release();
  expect(await running).toBe("NOT_FOUND");
});

test("an override that has ended does not come back with a lower role", async () => {
  const { member, workspaceId: theirs, end } = await temporaryMember(acme, HOUR_MS);
  await giveUntil(acme, member, theirs, end, "ADMIN");
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

describe("an invitation", () => {
  const ends = () => ({ soon: timeIn(acme, HOUR_MS), late: timeIn(acme, 3 * DAY_MS) });

  async function invited() {
    const person = await world.person();
    const [end, other] = [ends(), await acme.workspace("Other")];
    const { invitationIds } = await acme.owner.run(commands.inviteMembers, {
      ...{ organizationId: acme.id, emails: [person.email], role: "DEVELOPER" as const },
      workspaces: [
        { workspaceId, expiresAt: end.soon },
        { workspaceId: other, roleOverride: "VIEWER", expiresAt: end.late },
      ],
    });
    return { person, end, other, invitationId: invitationIds[0] ?? "" };
  }

  test.each([
    [1, true],
    [0, false],
  ])("accepted with %i ms left gives each access with its end, if that is still to come", async (left, isOpen) => {
    const { person, end, other, invitationId } = await invited();
    world.clock.pass(HOUR_MS - left);
    const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
    const rows = [
      ...(isOpen ? [{ workspaceId, roleOverride: null, expiresAt: end.soon }] : []),
      { workspaceId: other, roleOverride: "VIEWER", expiresAt: end.late },
    ].sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
    expect(await stored(memberId)).toEqual(rows);
    const [joined] = await world.query<{ data: { after: { workspaces: unknown } } }>(
      "SELECT data FROM organization_event WHERE organization_id = $1 AND subject_id = $2 AND type = 'member.joined'",
      ...[acme.id, memberId],
    );
    expect(joined?.data.after.workspaces).toEqual(
      rows.map((row) => ({ ...row, expiresAt: row.expiresAt.toISOString() })),
    );
    const due = await world.query<{ due: Date | null }>(
      "SELECT warning_due_at AS due FROM workspace_assignment WHERE member_id = $1 AND workspace_id = $2",
      ...[memberId, other],
    );
    expect(due).toEqual([{ due: new Date(end.late.getTime() - DAY_MS) }]);
  });

  test.each([
    [1, ["Project", "Other"]],
    [0, ["Other"]],
  ])("names in its mail and preview, with %i ms left, the workspaces %j", async (left, names) => {
    const { person, invitationId } = await invited();
    world.clock.pass(HOUR_MS - left);
    const mail = { mailer: world.mailer, appUrl: "https://app.example" };
    const job = { organizationId: acme.id, invitationId, sendNumber: 1 };
    await sendInvitation(world.replica(), mail, job, false);
    expect(world.mailer.sent.findLast(({ to }) => to === person.email)?.text).toContain(
      `Your workspaces: ${names.join(", ")}.`,
    );
    const hash = tokenHash(world.mailer.tokenFor(person.email));
    const preview = await previewInvitation(world.database, world.clock.now(), hash, null);
    expect(preview?.workspaceGrants?.map(({ workspaceName }) => workspaceName)).toEqual(names);
    const loaded = await world.context(acme.owner).loaders.workspaceGrants.load(invitationId);
    expect(loaded.map(({ workspaceName }) => workspaceName)).toEqual(names);
  });

  test.each([
    [1, true],
    [0, false],
  ])("with %i ms left of its only access has workspaces: %s", async (left, hasWorkspaces) => {
    await acme.owner.run(commands.inviteMembers, {
      ...{ organizationId: acme.id, emails: ["only@example.com"], role: "VIEWER" as const },
      workspaces: [{ workspaceId, expiresAt: timeIn(acme, HOUR_MS) }],
    });
    world.clock.pass(HOUR_MS - left);
    const open = await openInvitations(world.database, acme.id, world.clock.now());
    expect(open.map((each) => each.hasWorkspaces)).toEqual([hasWorkspaces]);
  });
});
