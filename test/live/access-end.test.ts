import { commands } from "../../src/commands";
import { sweepWorkspaceAccess } from "../../src/jobs/workspace-access";
import { Subscriptions } from "../../src/live/subscriptions";
import { Epochs } from "../../src/store/events/epochs";
import { type LiveEvent, readAssignees } from "../../src/store/events/live-events";
import { grantUntil, HOUR_MS, temporaryMember } from "../support/temporary-access";
import { type Actor, type TestOrganization, World } from "../support/world";

/**
 * The stream of a member with temporary access stops showing the workspace at the end of access, to the millisecond.
 */

const WORKSPACES = {
  permission: null,
  bySubject: true,
  kind: "organization",
  matches: ({ type }: LiveEvent) => type.startsWith("workspace"),
} as const;

let world: World;
let acme: TestOrganization;
let replicas: Replica[];
beforeEach(async () => {
  world = await World.create();
  acme = await world.organization();
  replicas = [replica(), replica()];
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { live } of replicas) live.close();
  await world.close();
});

interface Replica {
  live: Subscriptions;
  publish(): void;
}

function replica(): Replica {
  let listener: (topics: readonly string[] | null) => void = () => undefined;
  const live = new Subscriptions(
    { database: world.database, clock: world.clock, epochs: new Epochs() },
    { subscribe: (given) => (listener = given) },
    (error) => {
      throw error;
    },
  );
  return { live, publish: () => listener([acme.id]) };
}

function watch({ live }: Replica, viewer: Actor) {
  const subscriber = { viewer, expiresAt: null, onStalled: () => undefined };
  return live.subscribeToOrganization(subscriber, { organizationId: acme.id }, WORKSPACES);
}

const describeWorkspace = (workspaceId: string, description: string) =>
  acme.owner.run(commands.updateWorkspace, { organizationId: acme.id, workspaceId, description });

test("every replica delivers events until access ends, and afterwards only the event of the end", async () => {
  const { member, workspaceId } = await temporaryMember(acme, HOUR_MS);
  const streams = await Promise.all(replicas.map((each) => watch(each, member)));
  world.clock.pass(HOUR_MS - 1);
  await describeWorkspace(workspaceId, "In time");
  for (const each of replicas) each.publish();
  for (const stream of streams) expect((await stream.next()).value?.type).toBe("workspace.updated");
  world.clock.pass(1);
  await describeWorkspace(workspaceId, "Too late");
  await sweepWorkspaceAccess(world.replica());
  for (const each of replicas) each.publish();
  for (const stream of streams) expect((await stream.next()).value?.type).toBe("workspace_access.expired");
});

test("an event that was read just before the end is not delivered after it", async () => {
  // Rows that were read do not become outdated.
  jest.spyOn(performance, "now").mockReturnValue(1);
  const { member, workspaceId } = await temporaryMember(acme, HOUR_MS);
  const permanent = await acme.member("VIEWER");
  await grantUntil(acme, permanent, workspaceId, null);
  const [here] = replicas as [Replica];
  const [ending, staying] = [await watch(here, member), await watch(here, permanent)];
  world.clock.pass(HOUR_MS - 1);
  await describeWorkspace(workspaceId, "First");
  await describeWorkspace(workspaceId, "Second");
  here.publish();
  const first = await Promise.all([ending.next(), staying.next()]);
  expect(first.map(({ value }) => value?.type)).toEqual(["workspace.updated", "workspace.updated"]);
  world.clock.pass(1);
  const [next, second] = [ending.next(), await staying.next()];
  expect(second.value?.sequence).toBe((first[0]?.value?.sequence ?? 0) + 1);
  await sweepWorkspaceAccess(world.replica());
  here.publish();
  expect((await next).value?.type).toBe("workspace_access.expired");
});

test("a stream that starts at the end of the access shows nothing of the workspace", async () => {
  const { member, workspaceId } = await temporaryMember(acme, HOUR_MS);
  world.clock.pass(HOUR_MS);
  const [here] = replicas as [Replica];
  const stream = await watch(here, member);
  await describeWorkspace(workspaceId, "Unseen");
  await sweepWorkspaceAccess(world.replica());
  here.publish();
  expect((await stream.next()).value?.type).toBe("workspace_access.expired");
});

test("the list of people assigned to a workspace leaves out those whose access has ended", async () => {
  const { member, workspaceId, end } = await temporaryMember(acme, HOUR_MS);
  const assigned = async (now: Date) =>
    (await readAssignees(world.database, now, acme.id, [workspaceId], [member.id])).get(workspaceId);
  expect(await assigned(new Date(end.getTime() - 1))).toEqual(new Map([[member.id, end]]));
  expect(await assigned(end)).toEqual(new Map());
});
