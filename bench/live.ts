import { LiveFixture } from "./support/live-fixture";
import { median, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";
import { type Delays, now, type Side } from "./support/subscribers";

const SIDES: Side[] = ["service", "floor"];
const PEOPLE = 20;
const ROUNDS = 5;
const ORGANIZATIONS = 100;
const PER_SECOND = 100;
const EVENTS = 400;
const SUBSCRIBERS = 1_000;
const BROADCASTS = 20;
const RECONNECTING = 2_000;

/**
 * Compares live streams with a floor: a bare WebSocket server that broadcasts what it receives by LISTEN. Events are
 * committed in a process other than the one that serves the clients.
 */
export async function benchLive(service: BenchedService): Promise<void> {
  const fixture = await LiveFixture.start(service, PEOPLE);
  try {
    printHead("live", "ours", "floor", "ratio");
    await benchDelays(fixture);
    await benchBroadcast(fixture);
    await benchReconnecting(fixture);
  } finally {
    await fixture.stop();
  }
}

/** A hundred organizations with one subscriber each, and a hundred events per second in all. */
async function benchDelays(fixture: LiveFixture): Promise<void> {
  const topics = { service: await fixture.topics(ORGANIZATIONS), floor: await fixture.topics(ORGANIZATIONS) };
  for (const side of SIDES) await fixture.open(fixture.sockets(side, topics[side], ORGANIZATIONS));
  const { service, floor } = await alternate(async (side) => {
    const commits = await fixture.perSecond(PER_SECOND, EVENTS, topics[side], side);
    await fixture.subscribers.received(side, EVENTS / ORGANIZATIONS);
    return await fixture.subscribers.delays(side, commits);
  });
  const what = `commit to client, ${PER_SECOND} events/s over ${ORGANIZATIONS} organizations`;
  printRow(`${what}, p50 ms`, service.p50, floor.p50, service.p50 / floor.p50);
  printRow(`${what}, p99 ms`, service.p99, floor.p99, service.p99 / floor.p99);
  await fixture.close();
}

/** One organization with a thousand subscribers. Measures when the last one receives an event. */
async function benchBroadcast(fixture: LiveFixture): Promise<void> {
  const topics = { service: await fixture.topics(1), floor: await fixture.topics(1) };
  for (const side of SIDES) await fixture.open(fixture.sockets(side, topics[side], SUBSCRIBERS));
  const { service, floor } = await alternate(async (side) => {
    const commits = await fixture.perSecond(10, BROADCASTS, topics[side], side);
    await fixture.subscribers.received(side, BROADCASTS);
    return await fixture.subscribers.delays(side, commits);
  });
  printRow(`event to the last of ${SUBSCRIBERS} subscribers, ms`, service.last, floor.last, service.last / floor.last);
  await fixture.close();
}

/** The process is killed, and all clients resume at once, with a cursor, on a process that has just started. */
async function benchReconnecting(fixture: LiveFixture): Promise<void> {
  const topics = await fixture.topics(PEOPLE);
  await fixture.open(fixture.sockets("service", topics, RECONNECTING));
  for (const topic of topics) await fixture.commitEvents("service", topic);
  await fixture.subscribers.received("service", 1);
  const cursors = new Map((await fixture.subscribers.last()).map(cursorIn));
  await fixture.subscribers.close();
  await fixture.restart();
  for (const topic of topics) await fixture.commitEvents("service", topic);
  const sockets = fixture.sockets("service", topics, RECONNECTING).map((socket) => ({
    ...socket,
    variables: { ...socket.variables, after: cursors.get(socket.topic) },
  }));
  const startedAt = now();
  await fixture.subscribers.open(sockets, RECONNECTING);
  const resumedAt = await fixture.subscribers.received("service", 1);
  printRow(`${RECONNECTING} clients reconnect at once and resume, s`, (resumedAt - startedAt) / 1_000, "–", "–");
  await fixture.close();
}

function cursorIn({ topic, text }: { topic: string; text: string }): [string, string] {
  return [topic, JSON.parse(text).payload.data.invitationChanged.cursor];
}

/** Alternates rounds, so that noise affects both sides equally. Returns the median of each figure. */
async function alternate(round: (side: Side) => Promise<Delays>): Promise<Record<Side, Omit<Delays, "count">>> {
  const rounds: Record<Side, Delays[]> = { service: [], floor: [] };
  for (const side of SIDES) await round(side);
  for (let n = 0; n < ROUNDS; n++) for (const side of SIDES) rounds[side].push(await round(side));
  const middle = (side: Side) => {
    const of = (key: keyof Delays) => median(rounds[side].map((each) => each[key]));
    return { p50: of("p50"), p99: of("p99"), last: of("last") };
  };
  return { service: middle("service"), floor: middle("floor") };
}
