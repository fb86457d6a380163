import { LiveFixture } from "./support/live-fixture";
import { printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";
import { residentBytes, type Side } from "./support/subscribers";

const PEOPLE = 20;
const IDLE = 2_000;
const WARM_UP = 200;
const SETTLE_MS = 3_000;
const SOCKETS = 1_000;
const STALLED = 100;
const STALLED_EVENTS = 20_000;
const STALLED_ORGANIZATIONS = 10;
const STALLED_PER_SECOND = 150;
const COMMITTED_AT_ONCE = 10;
const SAMPLE_MS = 500;
const MEGABYTE = 1024 * 1024;
/** Large results, so that unread ones soon fill the buffers of the operating system. */
const LARGE_DOCUMENT = `subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor ${Array.from(
  { length: 20 },
  (_, n) => `a${n}: invitation { id email status createdAt expiresAt organization { name } }`,
).join(" ")} } }`;

/** Measures the memory of idle subscribers, and of clients that do not read. */
export async function benchLiveMemory(service: BenchedService): Promise<void> {
  printHead("memory", "ours", "floor", "ratio");
  await withFixture(service, benchIdle);
  await withFixture(service, benchStalled);
}

async function withFixture(service: BenchedService, bench: (fixture: LiveFixture) => Promise<void>): Promise<void> {
  const fixture = await LiveFixture.start(service, PEOPLE);
  try {
    await bench(fixture);
  } finally {
    await fixture.stop();
  }
}

/** Compares idle subscribers with sockets of the bare server, both in processes that have already had some. */
async function benchIdle(fixture: LiveFixture): Promise<void> {
  const topics = await fixture.topics(PEOPLE);
  const grown: Record<Side, number> = { service: 0, floor: 0 };
  for (const side of ["service", "floor"] as const) {
    const pid = side === "service" ? fixture.replica.pid : fixture.bare.pid;
    await fixture.open(fixture.sockets(side, topics, WARM_UP));
    await fixture.close();
    await settle();
    const before = residentBytes(pid);
    await fixture.open(fixture.sockets(side, topics, IDLE));
    await settle();
    grown[side] = (residentBytes(pid) - before) / IDLE / 1000;
    await fixture.close();
  }
  printRow(`each of ${IDLE} idle subscribers, kB`, grown.service, grown.floor, grown.service / grown.floor);
}

/**
 * Some clients do not read while many events happen. Measures how much the process grows, and how slow other clients
 * get.
 */
async function benchStalled(fixture: LiveFixture): Promise<void> {
  const topics = await fixture.topics(STALLED_ORGANIZATIONS);
  await fixture.open(fixture.sockets("service", topics, SOCKETS - STALLED));
  const large = fixture.sockets("service", topics, STALLED, LARGE_DOCUMENT);
  await fixture.open(large.map((socket) => ({ ...socket, stalls: true })));
  // Warms the process up, so that its initial growth does not count.
  const warm = await fixture.perSecond(STALLED_PER_SECOND, STALLED_EVENTS / 20, topics, "service", COMMITTED_AT_ONCE);
  await fixture.subscribers.received("service", STALLED_EVENTS / 20 / STALLED_ORGANIZATIONS);
  await fixture.subscribers.delays("service", warm);
  const before = residentBytes(fixture.replica.pid);
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentBytes(fixture.replica.pid));
  }, SAMPLE_MS);
  const commits = await fixture.perSecond(STALLED_PER_SECOND, STALLED_EVENTS, topics, "service", COMMITTED_AT_ONCE);
  await fixture.subscribers.received("service", STALLED_EVENTS / STALLED_ORGANIZATIONS);
  clearInterval(sampling);
  const { p50, p99 } = await fixture.subscribers.delays("service", commits);
  const codes = new Set(await fixture.subscribers.resume());
  const what = `${SOCKETS} sockets, ${STALLED} do not read ${STALLED_EVENTS} events`;
  printRow(`${what}: growth at its peak, MB`, (peak - before) / MEGABYTE, "–", "–");
  printRow(`${what}: the others' p50 ms`, p50, "–", "–");
  printRow(`${what}: the others' p99 ms`, p99, "–", "–");
  printRow(`${what}: closed with`, [...codes].join(", "), "–", "–");
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}
