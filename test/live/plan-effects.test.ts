import { commands } from "../../src/commands";
import { addKeyRow } from "../support/byok-row";
import { type Actor, World } from "../support/world";
import { FollowedOrganization } from "./support/followed-organization";
import { WorldStream } from "./support/world-stream";

// What a change of plan means for members who cannot see the subscription.
let world: World;
let followed: FollowedOrganization;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  followed = await FollowedOrganization.create(world);
});
afterEach(() => followed.close());
afterAll(() => world.close());

const change = (planCode: string) =>
  followed.acme.owner.run(commands.changePlan, { organizationId: followed.acme.id, planCode });
const keep = () => followed.acme.owner.run(commands.cancelScheduledPlan, { organizationId: followed.acme.id });

const addKey = () => addKeyRow(world, followed.acme.id);

/** The plan becomes another one at once, as when the payment provider ends the subscription. */
async function become(planCode: string): Promise<void> {
  const text = "UPDATE organization_subscription SET plan_code = $2 WHERE organization_id = $1";
  await world.query(text, followed.acme.id, planCode);
}

async function eventsOf(...people: Actor[]) {
  const streams = await Promise.all(people.map((person) => followed.follow(person)));
  return async () => Promise.all(streams.map((stream) => stream.next()));
}

const typesIn = (events: Array<Array<{ type: string }>>) => events.map((each) => each.map(({ type }) => type));

test("an Admin gets the new limits, everybody the new status of the key, and only Owners the plan", async () => {
  const { acme } = followed;
  const [admin, viewer] = [await acme.member("ADMIN"), await acme.member("VIEWER")];
  await addKey();
  await become("STARTER");
  const next = await eventsOf(acme.owner, admin, viewer);
  await change("ADVANCED");
  const events = await next();
  expect(typesIn(events)).toEqual([
    ["subscription.plan_changed", "organization.limits_changed", "byok.included"],
    ["organization.limits_changed", "byok.included"],
    ["byok.included"],
  ]);
  const [, ofAdmin, ofViewer] = events;
  expect(ofAdmin?.[0].summary).toBe("The organization may have any number of members and 30 workspaces.");
  expect(ofViewer?.[0].summary).toBe("The organization's own AWS key changed. `byokStatus` is its new status.");
  for (const { summary } of ofAdmin ?? []) expect(summary).not.toMatch(/Starter|Standard|Advanced|\$|pay|invoice/i);
  const again = await followed.follow(admin, followed.cursorAt(0));
  expect(typesIn([await again.next()])[0]?.slice(-2)).toEqual(["organization.limits_changed", "byok.included"]);
  const limits = (await again.next()).length;
  expect(limits).toBe(0);
});

test("a scheduled plan limits at once, and its cancellation lifts the limits; the key stays as it is", async () => {
  const { acme } = followed;
  const [admin, viewer] = [await acme.member("ADMIN"), await acme.member("VIEWER")];
  await acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: followed.developer.memberId });
  await addKey();
  const next = await eventsOf(admin, viewer);
  await change("STANDARD");
  await keep();
  const [ofAdmin, ofViewer] = await next();
  expect(ofAdmin?.map(({ type, summary }) => [type, summary])).toEqual([
    ["organization.limits_changed", "The organization may have 3 members and 3 workspaces."],
    ["organization.limits_changed", "The organization may have any number of members and 30 workspaces."],
  ]);
  expect(ofViewer).toEqual([]);
});

test("without an own key, a change of plan says nothing of it; another interval changes no limit; a stranger gets nothing", async () => {
  const { acme } = followed;
  const [admin, viewer] = [await acme.member("ADMIN"), await acme.member("VIEWER")];
  await become("STARTER");
  const next = await eventsOf(admin, viewer);
  await change("ADVANCED");
  await acme.owner.run(commands.changePlan, {
    organizationId: acme.id,
    planCode: "ADVANCED",
    billingInterval: "ANNUAL",
  });
  expect(typesIn(await next())).toEqual([["organization.limits_changed"], []]);
  const args = { organizationId: acme.id, after: followed.cursorAt(0) };
  const stranger = await WorldStream.open(world, await world.person(), "organizationChanged", args, "type");
  expect([stranger.code, await stranger.next()]).toEqual(["NOT_FOUND", []]);
  await stranger.close();
});
