import { commands } from "../../src/commands";
import { MailRejected } from "../../src/integrations/mail/mailer";
import { sendAccessWarning } from "../../src/jobs/send-access-warning";
import { sweepWorkspaceAccess } from "../../src/jobs/workspace-access";
import type { JobPayload } from "../../src/store/jobs";
import { DAY_MS, grantUntil, HOUR_MS, temporaryMember, timeIn } from "../support/temporary-access";
import { type Actor, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  acme = await world.organization();
});
afterEach(async () => {
  world.mailer.failure = null;
  world.mailer.sent.length = 0;
  await takeJobs();
});
afterAll(() => world.close());

const sweep = () => sweepWorkspaceAccess(world.replica());

async function takeJobs() {
  const rows = await world.query<{ payload: JobPayload<"send-access-warning"> }>(
    `SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = 'send-access-warning' ORDER BY j.id`,
  );
  await world.query("DELETE FROM graphile_worker._private_jobs");
  return rows.map(({ payload }) => payload);
}

/** Runs `between`, then sends the mails that the job queued. Returns the addresses of the recipients. */
async function warned(between: () => Promise<unknown> = async () => null): Promise<string[]> {
  await sweep();
  const jobs = await takeJobs();
  await between();
  const before = world.mailer.sent.length;
  for (const job of jobs) await sendAccessWarning(world.replica(), job);
  return world.mailer.sent.slice(before).map(({ to }) => to);
}

const changeRole = ({ memberId }: Actor, role: "ADMIN" | "DEVELOPER") =>
  acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId, role });

test("a member gets one mail a day before their access ends, not a millisecond earlier", async () => {
  const { member } = await temporaryMember(acme, 3 * DAY_MS);
  world.clock.pass(2 * DAY_MS - 1);
  expect(await warned()).toEqual([]);
  world.clock.pass(1);
  expect(await warned()).toEqual([member.email]);
  world.clock.pass(DAY_MS - 1);
  expect(await warned()).toEqual([]);
  const [mail] = world.mailer.sent;
  expect(mail?.subject).toBe(`Your access to Workspace of ${member.name} of Acme ends soon`);
  expect(mail?.text).toContain(`Your access to Workspace of ${member.name} of Acme ends on 3 April 2026 at 09:00 UTC.`);
  expect(mail?.text).toContain(`https://app.example/organizations/${acme.id}`);
});

test("replicas that run the job at the same time queue one mail", async () => {
  await temporaryMember(acme, 2 * DAY_MS);
  world.clock.pass(DAY_MS);
  await Promise.all([sweep(), sweep(), sweep()]);
  expect(await takeJobs()).toHaveLength(1);
});

test.each([
  [DAY_MS, 1],
  [DAY_MS - 1, 0],
])("access for %i ms causes %i mails", async (milliseconds, mails) => {
  await temporaryMember(acme, milliseconds);
  expect(await warned()).toHaveLength(mails);
  world.clock.pass(HOUR_MS);
  expect(await warned()).toEqual([]);
});

test("one mail lists all workspaces for which access ends at the same time", async () => {
  const { member, end } = await temporaryMember(acme, 2 * DAY_MS);
  for (let n = 1; n < 12; n++) await grantUntil(acme, member, await acme.workspace(`W${n}`), end);
  await grantUntil(acme, member, await acme.workspace("Later"), new Date(end.getTime() + 1));
  world.clock.pass(DAY_MS);
  expect(await warned()).toEqual([member.email]);
  expect(world.mailer.sent[0]?.subject).toBe("Your access to 12 workspaces of Acme ends soon");
  const names = `Workspace of ${member.name}, W1, W2, W3, W4, W5, W6, W7, W8, W9 and 2 more`;
  expect(world.mailer.sent[0]?.text).toContain(`The workspaces: ${names}.`);
});

describe("nobody gets a mail about access that", () => {
  type TemporaryMember = Awaited<ReturnType<typeof temporaryMember>>;
  test.each<[string, (temporary: TemporaryMember) => Promise<unknown>]>([
    ["was extended", ({ member, workspaceId }) => grantUntil(acme, member, workspaceId, timeIn(acme, 3 * DAY_MS))],
    ["ends sooner", ({ member, workspaceId }) => grantUntil(acme, member, workspaceId, timeIn(acme, HOUR_MS))],
    ["stays", ({ member, workspaceId }) => grantUntil(acme, member, workspaceId, null)],
    [
      "was removed",
      ({ member: { memberId }, workspaceId }) =>
        acme.owner.run(commands.revokeWorkspaceAccess, { organizationId: acme.id, workspaceId, memberId }),
    ],
    [
      "a removed member had",
      ({ member: { memberId } }) => acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId }),
    ],
    [
      "went with its workspace",
      ({ workspaceId }) => acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId }),
    ],
    [
      "went with its organization",
      () => acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" }),
    ],
    ["a new Admin no longer needs", ({ member }) => changeRole(member, "ADMIN")],
  ])("%s, before the job is queued or after", async (_, change) => {
    const [early, late] = [await temporaryMember(acme, 2 * DAY_MS), await temporaryMember(acme, 2 * DAY_MS)];
    world.clock.pass(DAY_MS);
    await change(early);
    const recipients = await warned(() => change(late).catch(() => null));
    expect(recipients).not.toContain(early.member.email);
    expect(recipients).not.toContain(late.member.email);
  });

  test("went with its organization, after the job is queued", async () => {
    await temporaryMember(acme, 2 * DAY_MS);
    world.clock.pass(DAY_MS);
    const remove = () => acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
    expect(await warned(remove)).toEqual([]);
  });

  test("has ended when the mail is sent", async () => {
    await temporaryMember(acme, 2 * DAY_MS);
    world.clock.pass(2 * DAY_MS - 1);
    expect(await warned(async () => world.clock.pass(1))).toEqual([]);
  });

  test("has ended when the job runs", async () => {
    await temporaryMember(acme, 2 * DAY_MS);
    world.clock.pass(2 * DAY_MS);
    expect(await warned()).toEqual([]);
  });
});

test("an Admin who becomes Developer on the last day gets the warning then", async () => {
  const { member } = await temporaryMember(acme, 2 * DAY_MS);
  await changeRole(member, "ADMIN");
  world.clock.pass(DAY_MS);
  expect(await warned()).toEqual([]);
  await changeRole(member, "DEVELOPER");
  expect(await warned()).toEqual([member.email]);
});

test("after an extension, another warning is sent a day before the new end", async () => {
  const { member, workspaceId } = await temporaryMember(acme, 2 * DAY_MS);
  world.clock.pass(DAY_MS);
  expect(await warned()).toEqual([member.email]);
  await grantUntil(acme, member, workspaceId, timeIn(acme, 3 * DAY_MS));
  world.clock.pass(2 * DAY_MS - 1);
  expect(await warned()).toEqual([]);
  world.clock.pass(1);
  expect(await warned()).toEqual([member.email]);
});

test("a change that keeps the end neither repeats nor cancels the mail", async () => {
  const { member, workspaceId, end } = await temporaryMember(acme, 2 * DAY_MS);
  const asViewer = [{ workspaceId, roleOverride: "VIEWER" as const, expiresAt: end }];
  const set = () =>
    acme.owner.run(commands.setWorkspaceAccess, {
      organizationId: acme.id,
      memberId: member.memberId,
      grants: asViewer,
    });
  await set();
  world.clock.pass(DAY_MS + HOUR_MS);
  await grantUntil(acme, member, workspaceId, end, "ADMIN");
  expect(await warned()).toEqual([member.email]);
  await set();
  expect(await warned()).toEqual([]);
});

test("no mail is sent to an unverified address", async () => {
  const { member } = await temporaryMember(acme, 2 * DAY_MS);
  await world.query("UPDATE user_account SET email_verified = false WHERE id = $1", member.id);
  world.clock.pass(DAY_MS);
  expect(await warned()).toEqual([]);
});

test("a mail that fails is retried, unless the address is rejected permanently", async () => {
  await temporaryMember(acme, 2 * DAY_MS);
  world.clock.pass(DAY_MS);
  await sweep();
  const [job] = await takeJobs();
  if (!job) throw new Error("No mail was queued.");
  const send = () => sendAccessWarning(world.replica(), job);
  world.mailer.failure = new Error("The server is busy.");
  await expect(send()).rejects.toThrow("busy");
  world.mailer.failure = new MailRejected("There is no such address.");
  await expect(send()).resolves.toBeUndefined();
});

test("the members of many organizations get one warning each, in more than one transaction", async () => {
  const globex = await world.organization();
  const other = await temporaryMember(globex, 2 * DAY_MS);
  const workspaceId = await acme.workspace("Second");
  await world.query(
    `WITH u AS (INSERT INTO user_account (id, name, email, email_verified, created_at, identity_at)
       SELECT 'many-' || n, 'Many', 'many-' || n || '@example.com', true, $2, $2 FROM generate_series(1, 300) n RETURNING id),
     m AS (INSERT INTO member (id, organization_id, user_id, role, joined_at)
       SELECT gen_random_uuid(), $1, id, 'VIEWER', $2 FROM u RETURNING id)
     INSERT INTO workspace_assignment (organization_id, workspace_id, member_id, expires_at, warning_due_at)
     SELECT $1, w.id, m.id, $3, $2 FROM m, workspace w WHERE w.organization_id = $1 AND (w.is_default OR w.id = $4)`,
    ...[acme.id, world.clock.now(), timeIn(acme, 2 * DAY_MS), workspaceId],
  );
  world.clock.pass(DAY_MS);
  const addresses = await warned();
  // The members of a transaction are in it with both workspaces.
  expect(addresses).toHaveLength(301);
  expect(addresses).toContain(other.member.email);
});
