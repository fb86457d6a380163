import { commands } from "../../src/commands";
import { limitingPlan } from "../../src/domain/growth";
import { type RefusalData, Refused } from "../../src/domain/refusal";
import { sweepSubscriptions } from "../../src/jobs/sweep";
import { outcomeOf, type TestOrganization, World } from "../support/world";

const DAY_MS = 24 * 60 * 60 * 1000;

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const change = (acme: TestOrganization, planCode: string) =>
  outcomeOf(acme.owner.run(commands.changePlan, { organizationId: acme.id, planCode }));
const callOff = (acme: TestOrganization) =>
  outcomeOf(acme.owner.run(commands.cancelScheduledPlan, { organizationId: acme.id }));
const invite = (acme: TestOrganization, ...emails: string[]) =>
  acme.owner.run(commands.inviteMembers, { organizationId: acme.id, emails, role: "VIEWER" });
const create = (acme: TestOrganization, name: string) =>
  acme.owner.run(commands.createWorkspace, { organizationId: acme.id, name, cloudProvider: "AWS" });
const become = (acme: TestOrganization, plan: string, scheduled: string | null) =>
  world.query(
    "UPDATE organization_subscription SET plan_code = $2, scheduled_plan_code = $3 WHERE organization_id = $1",
    ...[acme.id, plan, scheduled],
  );

async function refusalOf(running: Promise<unknown>): Promise<RefusalData> {
  try {
    await running;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error("Nothing was refused.");
}

const notices = (acme: TestOrganization) =>
  world.query<{ payload: { notice: { subject: string; paragraphs: string[] } } }>(
    `SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = 'send-notice' AND j.payload->>'organizationId' = $1`,
    acme.id,
  );

test("a scheduled smaller plan limits seats, up to its last one, until it is canceled", async () => {
  const acme = await world.organization("ADVANCED");
  expect(await change(acme, "STANDARD")).toBe("ok");
  expect(await outcomeOf(invite(acme, "one@example.com", "two@example.com"))).toBe("ok");
  const refusal = await refusalOf(invite(acme, "three@example.com"));
  expect(refusal).toMatchObject({ code: "MEMBER_LIMIT_REACHED", limit: { used: 3, limit: 3, remaining: 0 } });
  expect(refusal.message).toMatch(/Standard plan, which is scheduled .* Ask an Owner to cancel the scheduled change/);
  expect(await callOff(acme)).toBe("ok");
  expect(await outcomeOf(invite(acme, "three@example.com"))).toBe("ok");
  expect(await change(acme, "STANDARD")).toBe("PLAN_LIMIT_EXCEEDED");
});

test("a scheduled smaller plan limits workspaces", async () => {
  const acme = await world.organization("ADVANCED");
  expect(await change(acme, "STANDARD")).toBe("ok");
  for (const name of ["Dev", "Prod"]) expect(await outcomeOf(create(acme, name))).toBe("ok");
  const refusal = await refusalOf(create(acme, "More"));
  expect(refusal).toMatchObject({ code: "WORKSPACE_LIMIT_REACHED", limit: { used: 3, limit: 3 } });
  expect(refusal.message).toMatch(/Standard plan, which is scheduled .* Ask an Owner to cancel the scheduled change/);
  expect(await callOff(acme)).toBe("ok");
  expect(await outcomeOf(create(acme, "More"))).toBe("ok");
});

test("an expired invitation takes no seat, and cannot be resent if the scheduled plan has no free seat", async () => {
  const acme = await world.organization("ADVANCED");
  const [old] = (await invite(acme, "a@example.com")).invitationIds;
  world.clock.pass(7 * DAY_MS);
  expect(await change(acme, "STARTER")).toBe("ok");
  const resend = { organizationId: acme.id, invitationId: old ?? "" };
  expect(await outcomeOf(acme.owner.run(commands.resendInvitation, resend))).toBe("INVITATION_EXPIRED");
  expect(await outcomeOf(invite(acme, "a@example.com"))).toBe("MEMBER_LIMIT_REACHED");
});

test.each([
  ["has taken over", "STARTER", null, /to upgrade or to free a seat/],
  ["is scheduled", "ADVANCED", "STARTER", /cancel the scheduled change of plan or to free a seat/],
])(
  "a pending invitation cannot be accepted if the smaller plan %s, and stays open",
  async (_, plan, scheduled, words) => {
    const acme = await world.organization("ADVANCED");
    const gus = await world.person();
    const [invitationId] = (await invite(acme, gus.email)).invitationIds;
    await become(acme, plan, scheduled);
    const accept = () => gus.run(commands.acceptInvitation, { invitationId });
    const refusal = await refusalOf(accept());
    expect(refusal).toMatchObject({ code: "MEMBER_LIMIT_REACHED", limit: null });
    expect(refusal.message).toMatch(words);
    await become(acme, "STANDARD", null);
    expect(await outcomeOf(accept())).toBe("ok");
  },
);

test("after a change to a smaller plan, invitations can be accepted while the members fit", async () => {
  const acme = await world.organization("ADVANCED");
  const people = [await world.person(), await world.person(), await world.person()];
  const { invitationIds } = await invite(acme, ...people.map(({ email }) => email));
  await become(acme, "STANDARD", null);
  const accept = (index: number) =>
    outcomeOf(
      people[index]?.run(commands.acceptInvitation, { invitationId: invitationIds[index] }) ?? Promise.reject(),
    );
  expect([await accept(0), await accept(1), await accept(2)]).toEqual(["ok", "ok", "MEMBER_LIMIT_REACHED"]);
});

test("a scheduled plan whose limits are exceeded at its start does not take effect, and the Owners get a mail", async () => {
  const acme = await world.organization("ADVANCED");
  await acme.member("VIEWER");
  await acme.member("VIEWER");
  world.clock.pass(30 * DAY_MS);
  // Pending invitations take seats, too.
  await invite(acme, "fourth@example.com");
  await become(acme, "ADVANCED", "STANDARD");
  world.clock.pass(DAY_MS);
  await sweepSubscriptions(world.replica());
  const text = "SELECT plan_code AS plan, scheduled_plan_code AS scheduled FROM organization_subscription";
  expect(await world.query(`${text} WHERE organization_id = $1`, acme.id)).toEqual([
    { plan: "ADVANCED", scheduled: null },
  ]);
  const [mail, ...others] = await notices(acme);
  expect(others).toEqual([]);
  expect(mail?.payload.notice).toMatchObject({ subject: "Your plan stays Advanced" });
  expect(mail?.payload.notice.paragraphs.join(" ")).toMatch(/Standard plan allows 3 members.*4 are in use/);
  const log = "SELECT summary FROM organization_event WHERE organization_id = $1 AND type = 'subscription.renewed'";
  expect(await world.query(log, acme.id)).toEqual([
    { summary: expect.stringContaining("the scheduled plan was dropped") },
  ]);
});

test("a scheduled plan can lower a limit, but never raises one", () => {
  const limit = (planCode: string, scheduledPlanCode: string | null, name: "memberLimit" | "workspaceLimit") => {
    const { plan, isScheduled } = limitingPlan({ planCode, scheduledPlanCode }, name);
    return [plan[name], isScheduled];
  };
  expect(limit("ADVANCED", "STANDARD", "memberLimit")).toEqual([3, true]);
  expect(limit("ADVANCED", "ADVANCED", "memberLimit")).toEqual([null, false]);
  expect(limit("STANDARD", "ADVANCED", "workspaceLimit")).toEqual([3, false]);
  expect(limit("ENTERPRISE", "ADVANCED", "workspaceLimit")).toEqual([30, true]);
  expect(limit("ENTERPRISE", "ADVANCED", "memberLimit")).toEqual([null, false]);
});
