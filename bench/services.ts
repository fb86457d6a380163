import { commitEvents, FeedFixture } from "./support/feed-fixture";
import { type Floor, record } from "./support/floor";
import { alternate, type Load, median, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";
import type { Side } from "./support/subscribers";

const PAIRS = 100;
const ORGANIZATIONS = 1_000;
const PER_SECOND = 1_000;
const SECONDS = Number(process.env.BENCH_FEED_SECONDS ?? 60);
const ROUNDS = 7;
const CHANGES = 100;
const EVENTS_PER_CHANGE = 10;

/** What other services need: checks of many people, the feed over all organizations, and what the feed costs writers. */
export async function benchServices(service: BenchedService, floor: Floor, load: Load): Promise<void> {
  await benchChecks(service, floor, load);
  await benchWriters(service);
  await benchFeed(service);
}

async function benchChecks(service: BenchedService, floor: Floor, load: Load): Promise<void> {
  const organizationId = await service.organization();
  await service.fill(organizationId, PAIRS);
  const places = await service.sql<{ userId: string; workspaceId: string }>(
    `SELECT m.user_id AS "userId", w.id AS "workspaceId" FROM member m JOIN workspace w USING (organization_id)
     WHERE m.organization_id = $1 AND w.name = 'W1'`,
    organizationId,
  );
  const checks = places.map(({ userId, workspaceId }) => ({
    userId,
    workspace: { workspaceId, permission: "RUN_OPERATIONS" },
  }));
  const query =
    "query($checks: [PermissionCheck!]!) { checkPermissions(checks: $checks) { allowed reasons sequence } }";
  const ours = service.target(query, { who: "checker", variables: { checks } });
  await service.ask(query, "checker", { checks });
  const sent = await record(() => service.ask(query, "checker", { checks }));
  floor.replay([sent]);
  const [mine, theirs] = await alternate(load, [ours, { ...ours, port: floor.port }]);
  if (!mine || !theirs) throw new Error("A round is missing.");
  printHead("services", "requests/s", "p50 ms", "p99 ms", "SQL", "floor/s", "ratio");
  const ratio = mine.perSecond / theirs.perSecond;
  printRow(
    `checkPermissions, ${checks.length} pairs`,
    mine.perSecond,
    mine.p50,
    mine.p99,
    sent.length,
    theirs.perSecond,
    ratio,
  );
}

/** Commits changes with ten events each, with and without the position that the feed needs. */
async function benchWriters(service: BenchedService): Promise<void> {
  const id = await service.organization();
  const round = async (isOn: boolean) => {
    await service.sql(`ALTER TABLE organization_event ${isOn ? "ENABLE" : "DISABLE"} TRIGGER organization_event_feed`);
    const startedAt = performance.now();
    for (let n = 0; n < CHANGES; n++) await commitEvents(service, id, EVENTS_PER_CHANGE, () => undefined);
    return performance.now() - startedAt;
  };
  const times = { with: [] as number[], without: [] as number[] };
  for (let n = -1; n < ROUNDS; n++) {
    const [on, off] = [await round(true), await round(false)];
    if (n >= 0) times.with.push(on) && times.without.push(off);
  }
  await round(true);
  const [on, off] = [median(times.with) / CHANGES, median(times.without) / CHANGES];
  printHead("writers", "with the feed, ms", "without, ms", "ratio");
  printRow(`a change with ${EVENTS_PER_CHANGE} events`, on, off, on / off);
}

/** One subscriber of everything, and a bare server that broadcasts as much. */
async function benchFeed(service: BenchedService): Promise<void> {
  const fixture = await FeedFixture.start(service, ORGANIZATIONS);
  const run = (side: Side, seconds: number) => {
    fixture.measured = side;
    return fixture.run(side, PER_SECOND, PER_SECOND * seconds);
  };
  try {
    for (const side of ["service", "floor"] as const) await run(side, 2);
    const [theirs, mine] = [await run("floor", SECONDS), await run("service", SECONDS)];
    const what = `${PER_SECOND} events/s over ${ORGANIZATIONS} organizations for ${SECONDS} s`;
    printHead("feed", "ours", "floor", "ratio");
    printRow(`${what}, committed per second`, mine.perSecond, theirs.perSecond, "–");
    printRow(`${what}, commit to subscriber, p50 ms`, mine.p50, theirs.p50, mine.p50 / theirs.p50);
    printRow(`${what}, commit to subscriber, p99 ms`, mine.p99, theirs.p99, mine.p99 / theirs.p99);
  } finally {
    await fixture.stop();
  }
}
