import { commands } from "../../src/commands";
import { linkKey } from "../../src/commands/invitation/link";
import { INVITATION_LIFETIME_MS } from "../../src/domain/invitation";
import { sendInvitation } from "../../src/jobs/send-invitation";
import { openInvitations } from "../../src/store/open-invitations";
import { previewInvitation } from "../../src/store/views/invitation-preview";
import { DAY_MS, HOUR_MS, storedAccess, timeIn } from "../support/temporary-access";
import { type TestOrganization, World } from "../support/world";

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
  ])("accepted with %i ms left grants access that has not ended, with its end", async (left, isOpen) => {
    const { person, end, other, invitationId } = await invited();
    world.clock.pass(HOUR_MS - left);
    const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
    const rows = [
      ...(isOpen ? [{ workspaceId, roleOverride: null, expiresAt: end.soon }] : []),
      { workspaceId: other, roleOverride: "VIEWER", expiresAt: end.late },
    ].sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
    expect(await storedAccess(acme, memberId)).toEqual(rows);
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
  ])("lists in its mail and preview, with %i ms left, the workspaces %j", async (left, names) => {
    const { person, invitationId } = await invited();
    world.clock.pass(HOUR_MS - left);
    const job = { organizationId: acme.id, invitationId, sendNumber: 1 };
    await sendInvitation(world.replica(), job, false);
    expect(world.mailer.sent.findLast(({ to }) => to === person.email)?.text).toContain(
      `Your workspaces: ${names.join(", ")}.`,
    );
    const hash = linkKey(world.mailer.tokenFor(person.email));
    const preview = await previewInvitation(world.database, world.clock.now(), hash, null);
    expect(preview?.workspaceGrants?.map(({ workspaceName }) => workspaceName)).toEqual(names);
    const loaded = await world.context(acme.owner).loaders.workspaceGrants.load(invitationId);
    expect(loaded.map(({ workspaceName }) => workspaceName)).toEqual(names);
  });

  test.each([
    [1, true],
    [0, false],
  ])("whose only access has %i ms left has workspaces: %s", async (left, hasWorkspaces) => {
    await acme.owner.run(commands.inviteMembers, {
      ...{ organizationId: acme.id, emails: ["only@example.com"], role: "VIEWER" as const },
      workspaces: [{ workspaceId, expiresAt: timeIn(acme, HOUR_MS) }],
    });
    world.clock.pass(HOUR_MS - left);
    const open = await openInvitations(world.database, acme.id, world.clock.now());
    expect(open.map((each) => each.hasWorkspaces)).toEqual([hasWorkspaces]);
  });

  test("that is pending and still includes a workspace gets an event when the workspace is deleted, and no other", async () => {
    const grant = { workspaceId, roleOverride: "VIEWER" as const, expiresAt: timeIn(acme, 10 * DAY_MS) };
    const invite = (email: string, workspaces: object[]) =>
      acme.owner.run(commands.inviteMembers, {
        ...{ organizationId: acme.id, emails: [email], role: "DEVELOPER" as const, workspaces: workspaces as never },
      });
    await invite("expired@example.com", [grant]);
    world.clock.pass(INVITATION_LIFETIME_MS);
    const canceled = await invite("canceled@example.com", [grant]);
    const [canceledId = ""] = canceled.invitationIds;
    await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: canceledId });
    await invite("without@example.com", []);
    await invite("ended@example.com", [{ ...grant, expiresAt: timeIn(acme, HOUR_MS) }]);
    const open = await invite("open@example.com", [grant]);
    world.clock.pass(HOUR_MS);
    await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId });
    const text = `SELECT subject_id AS "invitationId", workspace_id AS "workspaceId", summary, data FROM organization_event
      WHERE organization_id = $1 AND type = 'invitation.updated'`;
    expect(await world.query(text, acme.id)).toEqual([
      {
        ...{ invitationId: open.invitationIds[0], workspaceId },
        summary: "The invitation to open@example.com no longer includes “Project”.",
        data: {
          email: "open@example.com",
          before: { workspaces: [{ ...grant, expiresAt: grant.expiresAt.toISOString() }] },
          after: { workspaces: [] },
        },
      },
    ]);
  });
});
