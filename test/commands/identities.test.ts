import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import type { Services } from "../../src/commands/runner/unit-of-work";
import { signIn } from "../../src/commands/user/sign-in";
import { sendNotice } from "../../src/jobs/send-notice";
import { sweepVoidInvitations } from "../../src/jobs/sweep";
import { addresseeTopic, personTopic } from "../../src/store/events/notifier";
import { actorMembership } from "../../src/store/member";
import type { Identity } from "../../src/store/user";
import { OtherReplica } from "../support/other-replica";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeEach(async () => {
  world = await World.create();
  acme = await world.organization();
});
afterEach(() => world.close());

const identityOf = (id: string, email: string, emailVerified: boolean): Identity => ({
  ...{ id, name: id, email, emailVerified },
  identityAt: world.clock.now(),
});
const storedEmail = async (id: string) =>
  (await world.query<{ email: string }>("SELECT email FROM user_account WHERE id = $1", id))[0]?.email;

test("an unverified address of a member does not prevent an invitation to that address", async () => {
  const member = await acme.member("DEVELOPER");
  world.clock.pass(1_000);
  await signIn(world.replica(), identityOf(member.id, "victim@example.com", false));
  const input = { organizationId: acme.id, emails: ["victim@example.com"], role: "VIEWER" as const };
  const { invitationIds, skipped } = await acme.owner.run(commands.inviteMembers, input);
  expect([invitationIds.length, skipped]).toEqual([1, []]);
  world.clock.pass(1_000);
  const victim = await signIn(world.replica(), identityOf("victim", "victim@example.com", true));
  expect(await outcomeOf(acceptAs(victim.id, invitationIds[0] ?? ""))).toBe("ok");
  const again = await acme.owner.run(commands.inviteMembers, input);
  expect(again.skipped).toEqual([{ email: "victim@example.com", reason: "ALREADY_A_MEMBER" }]);
});

async function acceptAs(id: string, invitationId: string): Promise<unknown> {
  const person = { kind: "person" as const, id, name: id, email: "victim@example.com", emailVerified: true };
  return await runCommand(world.replica(), person, commands.acceptInvitation, { invitationId });
}

test("an unverified address of a member does not cancel an invitation to that address", async () => {
  const [inviter, member] = [await acme.member("OWNER"), await acme.member("DEVELOPER")];
  const input = { organizationId: acme.id, emails: ["victim@example.com"], role: "VIEWER" as const };
  await inviter.run(commands.inviteMembers, input);
  world.clock.pass(1_000);
  await signIn(world.replica(), identityOf(member.id, "victim@example.com", false));
  const { memberId } = inviter;
  await acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role: "ADMIN" });
  await sweepVoidInvitations(world.replica());
  const stored = await world.query("SELECT status FROM invitation WHERE email = 'victim@example.com'");
  expect(stored).toEqual([{ status: "PENDING" }]);
});

test("a new verified address notifies the person's streams, and those of the organizations whose invitations it cancels", async () => {
  const [member, elsewhere] = [await acme.member("DEVELOPER"), await world.organization()];
  const invitationId = await acme.invite("new@example.com", "VIEWER");
  await elsewhere.invite("new@example.com", "VIEWER");
  world.clock.pass(1_000);
  const topics = new Set<string>();
  const publish = (published: readonly string[]) => {
    for (const topic of published) topics.add(topic);
  };
  await signIn({ ...world.replica(), notifier: { publish } }, identityOf(member.id, "new@example.com", true));
  const addresses = [member.email, "new@example.com"].map(addresseeTopic);
  expect(topics).toEqual(new Set([personTopic(member.id), acme.id, ...addresses]));
  const text = "SELECT status, responded_at AS at FROM invitation WHERE id = $1";
  expect(await world.query(text, invitationId)).toEqual([{ status: "CANCELED", at: world.clock.now() }]);
});

test("an unverified address gets no notice and is not sent to the payment provider", async () => {
  const notice = { subject: "Your key", paragraphs: ["It was rejected."], page: "/byok" };
  const job = { organizationId: acme.id, userId: acme.owner.id, notice };
  const payer = async () => {
    return (await actorMembership(world.replica().database, acme.id, acme.owner.id))?.userEmail;
  };
  await sendNotice(world.replica(), job);
  expect(world.mailer.sent.map(({ to }) => to)).toEqual([acme.owner.email]);
  expect(await payer()).toBe(acme.owner.email);
  world.clock.pass(1_000);
  await signIn(world.replica(), identityOf(acme.owner.id, "victim@example.com", false));
  await sendNotice(world.replica(), job);
  expect(world.mailer.sent).toHaveLength(1);
  expect(await payer()).toBeNull();
});

test("a person without a name is not called by an unverified address", async () => {
  const identityService = { kind: "service" as const, name: "identity", scopes: new Set(["users:provision" as const]) };
  for (const emailVerified of [true, false]) {
    const input = { userId: `${emailVerified}`, email: "victim@example.com", emailVerified, name: " " };
    const { user } = await runCommand(world.replica(), identityService, commands.provisionUser, input);
    expect(user.name).toBe(emailVerified ? "victim" : "Somebody");
  }
});

test("the identity service cannot provision an address with a letter outside ASCII", async () => {
  const identityService = { kind: "service" as const, name: "identity", scopes: new Set(["users:provision" as const]) };
  const input = { userId: "kate", email: "\u212Aate@example.com", emailVerified: true, name: "Kate" };
  const provisioned = runCommand(world.replica(), identityService, commands.provisionUser, input);
  expect(await outcomeOf(provisioned)).toBe("INVALID_INPUT");
});

test("of two simultaneous sign-ins the newer token counts, even if the older one is written last", async () => {
  const person = await world.person();
  const older = { ...identityOf(person.id, "older@example.com", true) };
  older.identityAt = new Date(world.clock.now().getTime() + 1_000);
  const newer = { ...older, email: "newer@example.com", identityAt: new Date(world.clock.now().getTime() + 2_000) };
  const services = world.replica();
  // The older one reads, the newer one signs in, and the older one continues.
  let isFirst = true;
  const interleaved: Services = {
    ...services,
    database: Object.create(services.database, {
      rows: {
        value: async (statement: { name: string }, values: unknown[]) => {
          const rows = await services.database.rows(statement as never, values);
          if (statement.name === "known-user" && isFirst) {
            isFirst = false;
            await signIn(world.replica(), newer);
          }
          return rows;
        },
      },
    }),
  };
  const signedIn = await signIn(interleaved, older);
  expect(isFirst).toBe(false);
  expect([signedIn.email, await storedEmail(person.id)]).toEqual(["newer@example.com", "newer@example.com"]);
});

test("a token that was used before does not undo an identity update within the same second", async () => {
  const person = await world.person();
  const first = identityOf(person.id, "first@example.com", true);
  await signIn(world.replica(), first);
  await signIn(world.replica(), { ...first, email: "second@example.com" });
  expect((await signIn(world.replica(), first, true)).email).toBe("second@example.com");
  expect((await signIn(world.replica(), { ...first, email: "third@example.com" })).email).toBe("third@example.com");
});

test("a sign-in that waits for an organization causes no deadlock with commands that add the person to it", async () => {
  const member = await acme.member("VIEWER");
  const invitationId = await acme.invite("new@example.com", "VIEWER");
  world.clock.pass(1_000);
  const other = await OtherReplica.connect(world);
  const moved = await other.during(
    () => other.lock(acme.id),
    () => signIn(world.replica(), identityOf(member.id, "new@example.com", true)),
    // Like the trigger does for each new member.
    () => other.query("SELECT FROM user_account WHERE id = $1 FOR SHARE NOWAIT", [member.id]),
  );
  await other.close();
  expect([moved.email, await storedEmail(member.id)]).toEqual(["new@example.com", "new@example.com"]);
  const status = "SELECT status FROM invitation WHERE id = $1";
  expect(await world.query(status, invitationId)).toEqual([{ status: "CANCELED" }]);
});
