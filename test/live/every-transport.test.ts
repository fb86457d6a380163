import type { App } from "../../src/app";
import { begunStreams } from "../support/begun-streams";
import { join, organization } from "../support/live-organization";
import { RouterStandIn } from "../support/router-stand-in";
import { type Person, RunningService } from "../support/service";
import { connect, type StreamResult, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";

// Mutations are sent to one replica, and subscriptions to another.
let service: RunningService;
let other: App;
let router: RouterStandIn;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  router = await RouterStandIn.start();
  other = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: router.url }, { jobs: false });
});
afterAll(async () => {
  await service.stop();
  await router.stop();
});

const ORGANIZATION = `subscription($id: ID!, $after: String) {
  organizationChanged(organizationId: $id, after: $after) { cursor type organization { description } } }`;
const AUDIT_LOG = `subscription($id: ID!, $after: String) {
  auditLogChanged(organizationId: $id, after: $after) { cursor sequence } }`;
const MEMBERSHIPS = `subscription($after: String) {
  viewerMembershipChanged(after: $after) { cursor change organization { id viewerMember { role } } } }`;

interface Following {
  /** Resolves with the first `n` results. */
  count(n: number): Promise<StreamResult[]>;
  stop(): void;
}
type Open = (person: Person, query: string, variables: object) => Promise<Following>;

const TRANSPORTS: Record<string, Open> = {
  WebSocket: async ({ token }, query, variables) => subscribeBySocket(connect(other.port, token), query, variables),
  "event stream": ({ token }, query, variables) => subscribeByEvents(other.port, token, query, variables),
  callback: async ({ token }, query, variables) => {
    const { id } = await router.subscribe(other.port, token, { query, variables });
    const resultsOf = () => router.of(id).flatMap(({ payload }) => (payload ? [payload as StreamResult] : []));
    return {
      count: async (n) => {
        await router.until(id, () => resultsOf().length >= n);
        return resultsOf().slice(0, n);
      },
      stop: () => router.forget(id),
    };
  },
};

describe.each(Object.keys(TRANSPORTS))("over a %s", (transport) => {
  async function open(person: Person, query: string, variables: object = {}): Promise<Following> {
    const before = begunStreams(other.live);
    const following = (await TRANSPORTS[transport]?.(person, query, variables)) as Following;
    while (begunStreams(other.live) === before) await new Promise((resolve) => setImmediate(resolve));
    return following;
  }
  const describeAs = (owner: Person, id: string, description: string) =>
    owner.ask(`mutation { updateOrganization(input: { organizationId: "${id}", description: "${description}" }) {
      ... on UpdateOrganizationSuccess { organization { eventCursor } } } }`);

  test("changes of an organization arrive once, and again after the cursor of a response", async () => {
    const owner = await service.person();
    const id = await organization(owner);
    const following = await open(owner, ORGANIZATION, { id });
    const { data } = await describeAs(owner, id, "One");
    await describeAs(owner, id, "Two");
    const results = await following.count(2);
    expect(results.map((result) => result.data.organizationChanged.type)).toEqual([
      ...["organization.updated", "organization.updated"],
    ]);
    following.stop();
    const after = data.updateOrganization.organization.eventCursor;
    const again = await open(owner, ORGANIZATION, { id, after });
    const [next] = await again.count(1);
    expect(next?.data.organizationChanged).toMatchObject({
      cursor: results[1]?.data.organizationChanged.cursor,
      organization: { description: "Two" },
    });
    again.stop();
  });

  test("entries of the audit log that an Admin's other streams lack arrive once, and again after a cursor", async () => {
    const owner = await service.person();
    const id = await organization(owner);
    const admin = await service.person();
    await join(service, owner, id, "ADMIN", admin);
    const following = await open(admin, AUDIT_LOG, { id });
    const change = (planCode: string) =>
      owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "${planCode}" }) { __typename } }`);
    await change("ENTERPRISE");
    await describeAs(owner, id, "One");
    const entries = (await following.count(3)).map(({ data }) => data.auditLogChanged);
    const [first, second, third] = entries.map(({ sequence }) => sequence);
    expect([second - first, third - second]).toEqual([1, 1]);
    following.stop();
    const again = await open(admin, AUDIT_LOG, { id, after: entries[0].cursor });
    expect((await again.count(2)).map(({ data }) => data.auditLogChanged)).toEqual(entries.slice(1));
    again.stop();
  });

  test("changes of a person's memberships arrive once, and again after a cursor", async () => {
    const owner = await service.person();
    const id = await organization(owner);
    const person = await service.person();
    const following = await open(person, MEMBERSHIPS);
    const { memberId } = await join(service, owner, id, "VIEWER", person);
    const [joined] = await following.count(1);
    expect(joined?.data.viewerMembershipChanged).toMatchObject({
      change: "JOINED",
      organization: { id, viewerMember: { role: "VIEWER" } },
    });
    await owner.ask(
      `mutation { removeMember(input: { organizationId: "${id}", memberId: "${memberId}" }) { __typename } }`,
    );
    const [, removed] = await following.count(2);
    expect(removed?.data.viewerMembershipChanged).toMatchObject({ change: "REMOVED", organization: null });
    following.stop();
    const after = joined?.data.viewerMembershipChanged.cursor;
    const again = await open(person, MEMBERSHIPS, { after });
    expect((await again.count(1))[0]?.data).toEqual(removed?.data);
    again.stop();
  });
});
