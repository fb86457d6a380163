import { commands } from "../../src/commands";
import { sweepAccessReviews } from "../../src/jobs/access-reviews";
import { sendReviewReminder } from "../../src/jobs/send-review-reminder";
import { organizationsWithDueReviews } from "../../src/store/access-review";
import type { JobPayload } from "../../src/store/jobs";
import { OpenReview } from "../support/access-review";
import { type Actor, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let admin: Actor;
beforeEach(async () => {
  world = await World.create();
  acme = await world.organization();
  admin = await acme.member("ADMIN");
  await acme.member("DEVELOPER");
});
afterEach(() => world.close());

const DAY = 86_400_000;
const start = (days: number) =>
  acme.owner.run(commands.startAccessReview, {
    ...{ organizationId: acme.id, name: "Q1", dueAt: new Date(world.clock.now().getTime() + days * DAY) },
  });
type Payload = JobPayload<"send-review-reminder">;
/** Runs the job on two replicas at once, and takes the reminders that it queued. */
async function queuedReminders(): Promise<Payload[]> {
  await Promise.all([1, 2].map(() => sweepAccessReviews(world.replica())));
  const rows = await world.query<{ payload: Payload }>(
    `SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = 'send-review-reminder' ORDER BY j.id`,
  );
  await world.query("DELETE FROM graphile_worker._private_jobs");
  return rows.map(({ payload }) => payload);
}
const send = async (payloads: Payload[]) => {
  const before = world.mailer.sent.length;
  for (const payload of payloads) await sendReviewReminder(world.replica(), payload);
  return world.mailer.sent.slice(before);
};

test("Owners and Admins get a mail a week and a day before, once each, to the millisecond", async () => {
  const { reviewId } = await start(30);
  world.clock.pass(23 * DAY - 1);
  expect(await queuedReminders()).toEqual([]);
  world.clock.pass(1);
  const people = [acme.owner.id, admin.id].map((userId) => ({ organizationId: acme.id, reviewId, userId }));
  expect(await queuedReminders()).toEqual(people);
  expect(await queuedReminders()).toEqual([]);
  world.clock.pass(6 * DAY - 1);
  expect(await queuedReminders()).toEqual([]);
  world.clock.pass(1);
  expect(await queuedReminders()).toEqual(people);
  world.clock.pass(2 * DAY);
  expect(await queuedReminders()).toEqual([]);
  const reminded = (await acme.eventTypes()).filter((type) => type === "access_review.reminded");
  expect(reminded).toHaveLength(2);
});

test("the mail contains the review, its due date, its progress and a link to it", async () => {
  const review = await OpenReview.start(acme);
  await review.decide(acme.owner, admin, { decision: "KEEP" });
  world.clock.pass(29 * DAY);
  const [mail, ...others] = await send(await queuedReminders());
  expect(others.map(({ to }) => to)).toEqual([admin.email]);
  expect(mail).toMatchObject({ to: acme.owner.email, subject: "The access review of Acme is due soon" });
  expect(mail?.text).toBe(
    "The access review “Q1” of Acme is due on 30 April 2026 at 09:00 UTC.\n\n" +
      "1 of 3 members are decided. Decide on the others, then complete the review.\n\n" +
      `https://app.example/organizations/${acme.id}/reviews/${review.id}\n\n` +
      "You receive this e-mail because you are an Owner or Admin of Acme on CloudThinker.\n",
  );
});

test("after an outage, one mail replaces both reminders", async () => {
  await start(30);
  world.clock.pass(29 * DAY);
  expect(await queuedReminders()).toHaveLength(2);
  expect(await queuedReminders()).toEqual([]);
});

test("a review that is due too soon for a reminder skips it", async () => {
  await start(6);
  expect(await queuedReminders()).toEqual([]);
  world.clock.pass(5 * DAY);
  expect(await queuedReminders()).toHaveLength(2);
});

test("closed reviews and those of deleted organizations get no reminder; after a restoration they do", async () => {
  const { reviewId } = await start(30);
  const found = () =>
    organizationsWithDueReviews(world.database, new Date(world.clock.now().getTime() + 7 * DAY), 1, 10);
  world.clock.pass(23 * DAY);
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  expect(await found()).toEqual([]);
  expect(await queuedReminders()).toEqual([]);
  await acme.owner.run(commands.restoreOrganization, { organizationId: acme.id });
  expect(await found()).toEqual([acme.id]);
  expect(await queuedReminders()).toHaveLength(2);
  expect(await found()).toEqual([]);
  world.clock.pass(6 * DAY);
  await acme.owner.run(commands.cancelAccessReview, { organizationId: acme.id, reviewId });
  expect(await queuedReminders()).toEqual([]);
  const canceled = await start(6.5);
  await world.query("UPDATE access_review SET reminders = 0 WHERE id = $1", canceled.reviewId);
  expect(await found()).toEqual([acme.id]);
  await acme.owner.run(commands.cancelAccessReview, { organizationId: acme.id, reviewId: canceled.reviewId });
  expect(await found()).toEqual([]);
});

const LOSSES: Array<[string, (review: OpenReview) => Promise<unknown>]> = [
  ["the review is closed", ({ key }) => acme.owner.run(commands.cancelAccessReview, key)],
  [
    "the organization is deleted",
    () => acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" }),
  ],
  [
    "the person may review no more",
    () =>
      acme.owner.run(commands.changeMemberRole, {
        organizationId: acme.id,
        memberId: admin.memberId,
        role: "DEVELOPER",
      }),
  ],
  ["the person has left", () => admin.run(commands.leaveOrganization, { organizationId: acme.id })],
  [
    "the address is not verified",
    () => world.query("UPDATE user_account SET email_verified = false WHERE id = $1", admin.id),
  ],
];
test.each(LOSSES)("a queued mail is not sent once %s", async (_, lose) => {
  const review = await OpenReview.start(acme);
  world.clock.pass(23 * DAY);
  const payloads = (await queuedReminders()).filter(({ userId }) => userId === admin.id);
  expect(payloads).toHaveLength(1);
  await lose(review);
  expect(await send(payloads)).toEqual([]);
});
