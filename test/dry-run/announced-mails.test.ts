import { announcedMails } from "../../src/jobs/announced-mails";
import type { Job } from "../../src/store/jobs";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const notice = { subject: "Your plan stays", paragraphs: [], page: "/" };

test("notices are sent to verified addresses only, and a billing sync sends no mail", async () => {
  const { id: organizationId, owner } = await world.organization();
  const unverified = await world.person("Unverified", false);
  const payload = (userId: string) => ({ organizationId, userId, notice });
  const jobs: Job[] = [
    { task: "send-notice", payload: payload(owner.id), attempts: 1 },
    { task: "push-billing", payload: { organizationId }, attempts: 1 },
    { task: "send-notice", payload: payload(unverified.id), attempts: 1 },
  ];
  expect(await announcedMails(world.database, owner, { organizationId, changes: [], jobs })).toEqual([
    { to: owner.email, subject: "Your plan stays" },
  ]);
});

test("a job without an entry about its mails is an error", async () => {
  const { id: organizationId, owner } = await world.organization();
  const jobs: Job[] = [{ task: "pull-billing", payload: { organizationId }, attempts: 1 }];
  const announced = announcedMails(world.database, owner, { organizationId, changes: [], jobs });
  await expect(announced).rejects.toThrow("pull-billing");
});
