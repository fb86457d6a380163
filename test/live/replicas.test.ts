import { createClient } from "@redis/client";
import { Client } from "pg";
import type { App } from "../../src/app";
import { begun } from "../support/begun-streams";
import { invite, join, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { hasRedis, Redis } from "../support/redis";
import { type Person, RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

const INVITATIONS = `subscription($id: ID!, $after: String) {
  invitationChanged(organizationId: $id, after: $after) { cursor change invitation { email } } }`;
const TYPES = "subscription($id: ID!) { organizationChanged(organizationId: $id) { type } }";
/** `npm run prove` repeats more often and measures times. */
const IS_MEASURED = process.env.PROVE_LOSSES !== undefined;
const ROUNDS = Number(process.env.PROVE_LOSSES ?? 5);
/** Each round starts right after a poll, so that polling would find its event only a second later. */
const BEFORE_A_POLL_MS = 500;

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

const running: Array<() => Promise<void> | void> = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function startRedis(): Promise<Redis> {
  const redis = await Redis.start();
  running.push(() => redis.close());
  return redis;
}

async function start(environment: Record<string, string> = {}) {
  const service = await RunningService.start(environment);
  running.push(() => service.stop());
  const owner = await service.person("Olga");
  return { service, owner, id: await organization(owner) };
}

const subscribe = (app: App, owner: Person, id: string, after?: string) =>
  begun(app.live, () => subscribeBySocket(connect(app.port, owner.token), INVITATIONS, { id, after }));

const emails = (subscription: ReturnType<typeof subscribeBySocket>) =>
  subscription.received.flatMap(({ data }) =>
    data?.invitationChanged.change === "CREATED" ? data.invitationChanged.invitation.email : [],
  );

async function created(subscription: ReturnType<typeof subscribeBySocket>, n: number) {
  while (emails(subscription).length < n) await subscription.count(subscription.received.length + 1);
}

/** From now on, only notifications make a replica read events. */
function stopPolling(...apps: App[]): void {
  for (const { live } of apps) clearInterval((live as unknown as { pollTimer: NodeJS.Timeout }).pollTimer);
}

/** Whether a replica's connection for publishing is open again. It reconnects independently of the one that subscribes. */
function canPublish({ services }: App): boolean {
  const { pubSub } = services.notifier as unknown as { pubSub: { publisher: { isReady: boolean } } };
  return pubSub.publisher.isReady;
}

describe.each(["NOTIFY", ...(hasRedis ? ["Redis"] : [])])("two replicas that notify each other by %s", (pubSub) => {
  let variables: Record<string, string>;
  let service: RunningService;
  let owner: Person;
  let id: string;
  let other: App;
  const stops: typeof running = [];
  beforeAll(async () => {
    variables = pubSub === "Redis" ? { REDIS_URL: (await startRedis()).url } : {};
    ({ service, owner, id } = await start(variables));
    other = await service.replica(variables);
    stops.push(...running.splice(0));
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  test("subscribers of a replica that stops resume on the other without a gap", async () => {
    const stopping = await service.replica(variables);
    const first = await subscribe(stopping, owner, id);
    await invite(owner, id, "before@example.com");
    await created(first, 1);
    const closed = stopping.close();
    const invited = invite(owner, id, "during@example.com");
    await first.over();
    expect(first.closedWith?.code).toBe(1001);
    await Promise.all([closed, invited]);
    const cursor = first.received.at(-1)?.data.invitationChanged.cursor;
    const second = await subscribe(service.app, owner, id, cursor);
    await invite(owner, id, "after@example.com");
    await created(second, 3 - emails(first).length);
    expect([...emails(first), ...emails(second)]).toEqual([
      "before@example.com",
      "during@example.com",
      "after@example.com",
    ]);
  });

  test("a change on one replica reaches the subscribers of both at once", async () => {
    const admin = await join(service, owner, id, "ADMIN");
    const [here, there] = [await subscribe(service.app, owner, id), await subscribe(other, owner, id)];
    const admins = await subscribe(other, admin, id);
    stopPolling(service.app, other);
    const times: number[] = [];
    for (let n = 1; n <= ROUNDS; n++) {
      const from = performance.now();
      await invite(owner, id, `n${n}@example.com`);
      await Promise.all([here, there, admins].map((each) => created(each, n)));
      times.push(performance.now() - from);
    }
    expect(emails(there)).toEqual(emails(here));
    const limits = await begun(other.live, () => subscribeBySocket(connect(other.port, admin.token), TYPES, { id }));
    const upgrade = `changePlan(input: { organizationId: "${id}", planCode: "ENTERPRISE" }) { __typename }`;
    await Promise.all([owner.ask(`mutation { ${upgrade} }`), limits.count(1)]);
    expect(limits.received).toMatchObject([{ data: { organizationChanged: { type: "organization.limits_changed" } } }]);
    if (IS_MEASURED) expect(median(times)).toBeLessThan(BEFORE_A_POLL_MS);
  });

  test("losing the right ends the streams on both replicas, 99 % of them within 250 ms", async () => {
    const admin = await join(service, owner, id, "ADMIN");
    const change = (role: string) =>
      owner.ask(
        `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${admin.memberId}", role: ${role} }) { __typename } }`,
      );
    stopPolling(service.app, other);
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      const streams = [await subscribe(service.app, admin, id), await subscribe(other, admin, id)];
      const ended = streams.map(async (stream) => {
        await stream.over();
        return performance.now();
      });
      await change("VIEWER");
      const committedAt = performance.now();
      times.push(Math.max(...(await Promise.all(ended))) - committedAt);
      expect(streams.map(({ received }) => received.at(-1)?.errors?.[0]?.extensions.code)).toEqual([
        "FORBIDDEN",
        "FORBIDDEN",
      ]);
      await change("ADMIN");
    }
    if (IS_MEASURED) expect(median(times)).toBeLessThan(BEFORE_A_POLL_MS);
    if (IS_MEASURED) expect(times[Math.ceil(ROUNDS * 0.99) - 1]).toBeLessThan(250);
  });
});

const withRedis = hasRedis ? test : test.skip;
withRedis("when Redis comes back, it carries notifications again", async () => {
  const redis = await startRedis();
  const { url } = redis;
  const { service, owner, id } = await start({ REDIS_URL: url });
  const other = await service.replica({ REDIS_URL: url });
  const subscription = await subscribe(other, owner, id);
  redis.stop();
  await invite(owner, id, "away@example.com");
  await created(subscription, 1);
  await redis.restart();
  const client = createClient({ url });
  await client.connect();
  while ((await client.pubSubNumSub("organizations")).organizations !== 2) await aMoment();
  while (!canPublish(service.app)) await aMoment();
  stopPolling(service.app, other);
  const times: number[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    await invite(owner, id, `back${n}@example.com`);
    const from = performance.now();
    await created(subscription, 1 + n);
    times.push(performance.now() - from);
  }
  client.destroy();
  if (IS_MEASURED) expect(median(times)).toBeLessThan(BEFORE_A_POLL_MS);
});

withRedis("without Redis, for a while or from the start, polling finds events", async () => {
  const redis = await startRedis();
  const { url } = redis;
  const { service, owner, id } = await start({ REDIS_URL: url });
  const other = await service.replica({ REDIS_URL: url });
  const subscription = await subscribe(other, owner, id);
  redis.stop();
  await invite(owner, id, "polled@example.com");
  await created(subscription, 1);
  const third = await service.replica({ REDIS_URL: url });
  const late = await subscribe(third, owner, id);
  await invite(owner, id, "late@example.com");
  await created(late, 1);
  expect(emails(subscription)).toContain("polled@example.com");
});

test("a terminated connection for LISTEN is replaced, and nothing is lost in between", async () => {
  const { service, owner, id } = await start();
  const other = await service.replica();
  const subscription = await subscribe(other, owner, id);
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  const cut = () =>
    client.query(
      `SELECT count(pg_terminate_backend(pid))::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'organizations notifier'`,
    );
  // A slow machine can replace a connection without a fault, so their number is unknown.
  expect((await cut()).rows[0].n).toBeGreaterThan(0);
  await invite(owner, id, "cut@example.com");
  await created(subscription, 1);
  while ((await listeners(client)) < 2) await aMoment();
  await invite(owner, id, "again@example.com");
  await created(subscription, 2);
  await client.end();
  expect(emails(subscription)).toEqual(["cut@example.com", "again@example.com"]);
});

async function listeners(client: Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'organizations notifier'`,
  );
  return rows[0].n;
}
