import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { expireInvitations } from "../../src/commands/invitation/expire-invitations";
import { changeOrganization } from "../../src/commands/runner/run";
import { createFixtures, OtherReplica, type Race } from "../support/other-replica";
import { World } from "../support/world";

// As in interleaved.test.ts: the command waits for another replica's change, and then uses the changed rows.
let world: World;
let other: OtherReplica;
beforeAll(async () => {
  world = await World.create();
  other = await OtherReplica.connect(world);
});
afterAll(async () => {
  await other.close();
  await world.close();
});

const invite = (email = `${randomUUID()}@example.com`) => ({ emails: [email], role: "VIEWER" as const });

const RACES: Race[] = [
  [
    "an Admin is removed while they invite",
    ({ admin }) => other.removeMember(admin),
    ({ admin, organizationId }) => admin.run(commands.inviteMembers, { organizationId, ...invite() }),
    "NOT_FOUND",
  ],
  [
    "the last seats are lost while somebody is invited",
    ({ organizationId }) => other.setPlan(organizationId, "STANDARD"),
    ({ owner, organizationId }) => owner.run(commands.inviteMembers, { organizationId, ...invite() }),
    "MEMBER_LIMIT_REACHED",
  ],
  [
    "a workspace is deleted while somebody is invited to it",
    ({ workspaceId }) => other.deleteWorkspace(workspaceId),
    ({ owner, organizationId, workspaceId }) =>
      owner.run(commands.inviteMembers, { organizationId, ...invite(), workspaces: [{ workspaceId }] }),
    "NOT_FOUND",
  ],
  [
    "an invitation is cancelled while it is accepted",
    ({ invitationId }) => other.setInvitationStatus(invitationId, "CANCELED"),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "INVITATION_NOT_PENDING",
  ],
  [
    "an invitation is accepted while it is cancelled",
    ({ invitationId }) => other.setInvitationStatus(invitationId, "ACCEPTED"),
    ({ owner, organizationId, invitationId }) => owner.run(commands.cancelInvitation, { organizationId, invitationId }),
    "INVITATION_NOT_PENDING",
  ],
  [
    "an invitation runs out while it is accepted",
    ({ invitationId }) =>
      other.query("UPDATE invitation SET expires_at = $2 WHERE id = $1", [invitationId, world.clock.now()]),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "INVITATION_EXPIRED",
  ],
  [
    "somebody becomes a member otherwise while they accept",
    ({ invitee, organizationId }) =>
      other.query(
        "INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES (gen_random_uuid(), $1, $2, 'VIEWER', now())",
        [organizationId, invitee.id],
      ),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "ALREADY_A_MEMBER",
  ],
  [
    "somebody else invites the same address meanwhile",
    ({ invitationId }) =>
      other.query("UPDATE invitation SET email = 'taken@example.com' WHERE id = $1", [invitationId]),
    async ({ owner, organizationId }) => {
      const { skipped } = await owner.run(commands.inviteMembers, { organizationId, ...invite("taken@example.com") });
      expect(skipped).toEqual([{ email: "taken@example.com", reason: "ALREADY_INVITED" }]);
    },
    "ok",
  ],
  [
    "an organization is deleted while an invitation to it is accepted",
    ({ organizationId }) => other.deleteOrganization(organizationId),
    ({ invitee, invitationId }) => invitee.run(commands.acceptInvitation, { invitationId }),
    "NOT_FOUND",
  ],
];

test.each(RACES)("%s", async (_, change, act, outcome) => {
  expect(await other.race(await createFixtures(world), change, act)).toBe(outcome);
});

test("an invitation that is accepted while the sweep expires it stays accepted", async () => {
  const { organizationId, invitationId } = await createFixtures(world);
  await world.query("UPDATE invitation SET expires_at = $1 WHERE id = $2", world.clock.now(), invitationId);
  const change = async () => {
    await other.lock(organizationId);
    await other.setInvitationStatus(invitationId, "ACCEPTED");
  };
  await other.during(change, () => changeOrganization(world.replica(), organizationId, expireInvitations));
  const [row] = await world.query<{ status: string }>("SELECT status FROM invitation WHERE id = $1", invitationId);
  expect(row?.status).toBe("ACCEPTED");
});
