import { commitEvents, FeedFixture } from "./support/feed-fixture";
import { type Floor, record } from "./support/floor";
import { alternate, type Load, median, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";
import type { Side } from "./support/subscribers";
import { withoutFeed } from "./support/without-feed";

const PAIRS = 100;
const ORGANIZATIONS = 1_000;
const PER_SECOND = 1_000;
/** Seconds for which the service, and in between the floor, is measured. */
const SECONDS = Number(process.env.BENCH_FEED_SECONDS ?? 60);
const FEED_ROUNDS = 6;
const WRITER_ROUNDS = 14;
const CHANGES = 60;
/** A change writes this many events, so that a machine that commits 100 changes a second writes 1,000 events. */
const EVENTS_PER_CHANGE = 10;

/**
 * Requests of other services: checks of many people, the feed over all organizations, and the cost of the feed for
 * writers.
 */
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

/**
 * Commits changes with ten events each, with and without the position that the feed needs. The order alternates and
 * each round has its own ratio, so that noise affects both sides equally.
 */
async function benchWriters(service: BenchedService): Promise<void> {
  const id = await service.organization();
  const round = async (isOn: boolean) => {
    await service.sql(`ALTER TABLE organization_event ${isOn ? "ENABLE" : "DISABLE"} TRIGGER organization_event_feed`);
    const startedAt = performance.now();
    for (let n = 0; n < CHANGES; n++) await commitEvents(service, id, EVENTS_PER_CHANGE, () => undefined);
    return (performance.now() - startedAt) / CHANGES;
  };
  const rounds: Array<{ on: number; off: number }> = [];
  for (let n = -2; n < WRITER_ROUNDS; n++) {
    const times = { on: 0, off: 0 };
    for (const side of n % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
      times[side] = await (side === "on" ? round(true) : withoutFeed(() => round(false)));
    }
    if (n >= 0) rounds.push(times);
  }
  await round(true);
  const ratio = median(rounds.map(({ on, off }) => on / off));
  printHead("writers", "with the feed, ms", "without, ms", "ratio");
  const [on, off] = [median(rounds.map((each) => each.on)), median(rounds.map((each) => each.off))];
  printRow(`a change with ${EVENTS_PER_CHANGE} events`, on, off, ratio);
}

/** One subscriber of all events, and a bare server that broadcasts the same number, in turns. */
async function benchFeed(service: BenchedService): Promise<void> {
  const fixture = await FeedFixture.start(service, ORGANIZATIONS, EVENTS_PER_CHANGE);
  const run = (side: Side, seconds: number) => {
    fixture.measured = side;
    return fixture.run(side, PER_SECOND, PER_SECOND * seconds);
  };
  try {
    for (const side of ["service", "floor"] as const) await run(side, 2);
    const rounds: Array<Record<Side, Awaited<ReturnType<typeof run>>>> = [];
    for (let n = 0; n < FEED_ROUNDS; n++) {
      const order: Side[] = n % 2 === 0 ? ["floor", "service"] : ["service", "floor"];
      const measured: Partial<(typeof rounds)[number]> = {};
      for (const side of order) measured[side] = await run(side, SECONDS / FEED_ROUNDS);
      if (measured.floor && measured.service) rounds.push({ floor: measured.floor, service: measured.service });
    }
    const what = `${PER_SECOND} events/s over ${ORGANIZATIONS} organizations, ${FEED_ROUNDS} x ${SECONDS / FEED_ROUNDS} s`;
    printHead("feed", "ours", "floor", "ratio");
    for (const [name, key] of [
      ["committed per second", "perSecond"],
      ["commit to subscriber, p50 ms", "p50"],
      ["commit to subscriber, p99 ms", "p99"],
    ] as const) {
      const of = (side: Side) => median(rounds.map((round) => round[side][key]));
      printRow(
        `${what}, ${name}`,
        of("service"),
        of("floor"),
        median(rounds.map((r) => r.service[key] / r.floor[key])),
      );
    }
  } finally {
    await fixture.stop();
  }
}
