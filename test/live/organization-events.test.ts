import type { App } from "../../src/app";
import { begun } from "../support/begun-streams";
import { invite, join, organization } from "../support/live-organization";
import { type Ask, type Person, RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket, type TestSubscription } from "../support/test-subscription";
import { type ServiceEvent as Event, QUERY, SUBSCRIPTION } from "./support/service-events";

let service: RunningService;
let reader: Ask;
let token: string;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start();
  reader = await service.service("events:read");
  token = await service.issuer.issueForService("reader", ["events:read"]);
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

async function page(variables: object): Promise<{ cursor: string; hasMore: boolean; events: Event[] }> {
  const { data, errors } = await reader(QUERY, variables);
  expect(errors).toBeUndefined();
  return data.organizationEvents;
}

const now = async () => (await page({})).cursor;
/** Events without cursors, because a cursor contains the running transactions, which differ between reads. */
const withoutCursors = (events: Event[]) => events.map(({ cursor, ...event }) => event);
const eventsOf = ({ received }: TestSubscription): Event[] => received.map(({ data }) => data.organizationEvents);
const log = (organizationId = id) =>
  service.app.services.database.dataSource.query(
    "SELECT sequence, type FROM organization_event WHERE organization_id = $1 ORDER BY sequence",
    [organizationId],
  ) as Promise<Array<{ sequence: number; type: string }>>;

const subscribe = (variables: object = {}, app: App = service.app) =>
  begun(app.live, () => subscribeBySocket(connect(app.port, token), SUBSCRIPTION, variables));

test("without a cursor, the query starts now; its cursor continues with everything that is committed later", async () => {
  expect(await page({})).toMatchObject({ events: [], hasMore: false });
  const cursor = await now();
  const member = await join(service, owner, id);
  const { events, hasMore } = await page({ after: cursor });
  const ofAcme = events.filter(({ organizationId }) => organizationId === id);
  expect(ofAcme.map(({ sequence, type }) => ({ sequence, type }))).toEqual((await log()).slice(-ofAcme.length));
  expect(hasMore).toBe(false);
  const joined = ofAcme.find(({ type }) => type === "member.joined");
  expect(joined).toMatchObject({
    actorLabel: `user:${member.id}`,
    subjectId: member.memberId,
    userId: member.id,
    workspaceId: null,
    changes: [{ field: "role", before: null, after: "DEVELOPER" }],
  });
  // Includes the person's personal organization.
  expect(events.some(({ type }) => type === "organization.created")).toBe(true);
});

test("pages have no gaps, and the cursor of an event continues after it", async () => {
  const cursor = await now();
  for (let n = 0; n < 3; n++) await invite(owner, id, `page-${n}@example.com`);
  const all = (await page({ after: cursor })).events;
  expect(all.length).toBeGreaterThan(2);
  const byOnes: Event[] = [];
  for (let next = { cursor, hasMore: true, events: [] as Event[] }; next.hasMore; ) {
    next = await page({ after: next.cursor, first: 1 });
    byOnes.push(...next.events);
  }
  const names = (events: Event[]) => events.map(({ organizationId, sequence }) => `${organizationId} ${sequence}`);
  expect(names(byOnes.slice(0, all.length))).toEqual(names(all));
  expect(names((await page({ after: all[0]?.cursor })).events.slice(0, all.length - 1))).toEqual(names(all.slice(1)));
});

test("types filter the query and the subscription", async () => {
  const after = await now();
  const subscription = await subscribe({ types: ["workspace.created", "workspace.deleted"] });
  await invite(owner, id, "other-type@example.com");
  const { data } = await owner.ask(
    `mutation { createWorkspace(input: { organizationId: "${id}", name: "Filtered", cloudProvider: AWS }) {
      ... on CreateWorkspaceSuccess { workspace { id } } } }`,
  );
  const workspaceId = data.createWorkspace.workspace.id;
  await owner.ask(
    `mutation { deleteWorkspace(input: { organizationId: "${id}", workspaceId: "${workspaceId}" }) { __typename } }`,
  );
  await subscription.count(2);
  const expected = [
    { type: "workspace.created", organizationId: id, workspaceId },
    { type: "workspace.deleted", organizationId: id, workspaceId },
  ];
  expect(eventsOf(subscription)).toMatchObject(expected);
  expect((await page({ after, types: ["workspace.deleted", "workspace.created"] })).events).toMatchObject(expected);
  expect((await page({ after, types: ["workspace.deleted"] })).events).toMatchObject(expected.slice(1));
  subscription.stop();
});

test.each(["WebSocket", "event stream"])(
  "over a %s, a client that resumes gets the missed events once and in order",
  async (transport) => {
    const open = (variables: object) =>
      transport === "WebSocket"
        ? subscribe(variables)
        : subscribeByEvents(service.app.port, token, SUBSCRIPTION, variables);
    const after = await now();
    const first = await open({ after });
    await invite(owner, id, `${transport.length}-one@example.com`);
    await first.count(1);
    first.stop();
    await invite(owner, id, `${transport.length}-two@example.com`);
    const second = await open({ after: eventsOf(first).at(-1)?.cursor });
    await invite(owner, id, `${transport.length}-three@example.com`);
    const expected = () => page({ after, first: 1000 });
    const created = (events: Event[]) => events.filter(({ type }) => type === "invitation.created").length;
    while (created(eventsOf(first)) + created(eventsOf(second)) < 3) await second.count(second.received.length + 1);
    second.stop();
    const received = [...eventsOf(first), ...eventsOf(second)];
    expect(withoutCursors(received)).toEqual(withoutCursors((await expected()).events.slice(0, received.length)));
  },
);

test("two replicas deliver the same events, and a cursor of one continues on the other", async () => {
  const other = await service.replica();
  const after = await now();
  const [here, there] = [await subscribe({ after }), await subscribe({ after }, other)];
  for (let n = 0; n < 5; n++) await invite(owner, id, `replica-${n}@example.com`);
  await Promise.all([here.count(5), there.count(5)]);
  const [mine, theirs] = [eventsOf(here).slice(0, 5), eventsOf(there).slice(0, 5)];
  const names = (events: Event[]) => events.map(({ organizationId, sequence }) => `${organizationId} ${sequence}`);
  expect(names(theirs)).toEqual(names(mine));
  const resumed = await subscribe({ after: theirs[2]?.cursor });
  await resumed.count(2);
  expect(names(eventsOf(resumed).slice(0, 2))).toEqual(names(mine.slice(3)));
  for (const subscription of [here, there, resumed]) subscription.stop();
  await other.close();
});

test("subscribers of a replica that stops get all committed events, and can resume on another one", async () => {
  const other = await service.replica();
  const after = await now();
  const first = await subscribe({ after }, other);
  await invite(owner, id, "before-stop@example.com");
  await first.count(1);
  await other.close();
  await first.over();
  expect(first.closedWith?.code).toBe(1001);
  await invite(owner, id, "after-stop@example.com");
  const second = await subscribe({ after: eventsOf(first).at(-1)?.cursor });
  await second.count(1);
  const received = [...eventsOf(first), ...eventsOf(second)];
  expect(withoutCursors(received)).toEqual(withoutCursors((await page({ after })).events.slice(0, received.length)));
  second.stop();
});
