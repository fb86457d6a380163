import { commands } from "../../src/commands";
import type { Viewer } from "../../src/domain/viewer";
import { LastSeen } from "../../src/server/caller/last-seen";
import { openDatabase } from "../../src/store/engine/open-database";
import type { Reader } from "../../src/store/engine/statement";
import { writeLastSeen } from "../../src/store/last-seen";
import { aMoment } from "../support/moment";
import { RunningService } from "../support/service";
import { type Actor, type TestOrganization, World } from "../support/world";

const DAY_MS = 24 * 60 * 60 * 1000;

let world: World;
let organization: TestOrganization;
let viewer: Actor;
beforeAll(async () => {
  world = await World.create();
  organization = await world.organization();
});
afterAll(() => world.close());
beforeEach(async () => {
  viewer = await organization.member("VIEWER");
});

const fail = (error: unknown) => {
  throw error;
};
const recorder = (reader: Reader = world.database) => new LastSeen(reader, fail);

/** Day and version of every membership of a person. A version changes with every write. */
function memberships(userId: string) {
  const text = "SELECT last_seen_at AS day, xmin::text AS version FROM member WHERE user_id = $1 ORDER BY id";
  return world.query<{ day: Date | null; version: string }>(text, userId);
}

async function daysOf(userId: string): Promise<Array<string | undefined>> {
  return (await memberships(userId)).map(({ day }) => day?.toISOString());
}

test("a person who joins or signs up was seen on that day; one provisioned by a service was not", async () => {
  expect(await daysOf(viewer.id)).toEqual(["2026-03-31T00:00:00.000Z", "2026-03-31T00:00:00.000Z"]);
  const identity = { email: "new@example.com", emailVerified: true, name: "New" };
  const service: Viewer = { kind: "service", name: "sign-up", scopes: new Set(["users:provision"]) };
  await world.context(service).run(commands.provisionUser, { userId: "provisioned", ...identity });
  expect(await daysOf("provisioned")).toEqual([undefined]);
});

test("a day is written once per person in all memberships, and not again by another replica", async () => {
  const next = new Date(world.clock.now().getTime() + DAY_MS);
  const first = recorder();
  first.note(viewer.id, next);
  await first.stop();
  expect(await daysOf(viewer.id)).toEqual(["2026-04-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"]);
  const written = await memberships(viewer.id);
  for (const again of [first, recorder()]) {
    again.note(viewer.id, new Date("2026-04-01T23:59:59.999Z"));
    again.note(viewer.id, world.clock.now());
    await again.stop();
  }
  expect(await memberships(viewer.id)).toEqual(written);
  // Nothing is left to do, so the caller does not try again.
  const day = new Date("2026-04-01T00:00:00.000Z");
  expect(await writeLastSeen(world.database, [{ userId: viewer.id, day }])).toEqual(new Set());
});

test("on a distributed database the last day is stored in all memberships too, and no earlier one", async () => {
  await viewer.run(commands.createOrganization, { name: "Another" });
  const others = await memberships(organization.owner.id);
  const nodes = await openDatabase(world.databaseUrl, { connections: 1, lanes: 0, isDistributed: true });
  for (const day of ["2031-01-02T09:00:00Z", "2031-01-01T09:00:00Z"]) {
    const seen = recorder(nodes);
    seen.note(viewer.id, new Date(day));
    await seen.stop();
    expect(new Set(await daysOf(viewer.id))).toEqual(new Set(["2031-01-02T00:00:00.000Z"]));
  }
  expect(await memberships(viewer.id)).toHaveLength(3);
  expect(await memberships(organization.owner.id)).toEqual(others);
  await nodes.close();
});

test("the day ends at midnight in UTC, to the millisecond", async () => {
  const seen = recorder();
  seen.note(viewer.id, new Date("2026-04-01T23:59:59.999Z"));
  await seen.stop();
  expect(await daysOf(viewer.id)).toContain("2026-04-01T00:00:00.000Z");
  seen.note(viewer.id, new Date("2026-04-02T00:00:00.000Z"));
  await seen.stop();
  expect(await daysOf(viewer.id)).toEqual(["2026-04-02T00:00:00.000Z", "2026-04-02T00:00:00.000Z"]);
});

test("a late write does not replace a later day", async () => {
  const [late, early] = [recorder(), recorder()];
  late.note(viewer.id, new Date("2026-04-05T08:00:00Z"));
  await late.stop();
  early.note(viewer.id, new Date("2026-04-04T08:00:00Z"));
  await early.stop();
  expect(await daysOf(viewer.id)).toContain("2026-04-05T00:00:00.000Z");
});

/** Counts the statements of a database, which can be made to fail. */
function counted() {
  const sent: number[] = [];
  const outage = { isOn: false };
  const reader: Reader = {
    rows: (statement, values) => {
      sent.push((values[0] as string[]).length);
      return outage.isOn ? Promise.reject(new Error("down")) : world.database.rows(statement, values);
    },
  };
  return { reader, sent, outage };
}

test("a thousand people and their requests cost two statements", async () => {
  const { reader, sent } = counted();
  const seen = recorder(reader);
  for (let request = 0; request < 3_000; request += 1) seen.note(`nobody-${request % 1_000}`, world.clock.now());
  expect(sent).toEqual([]);
  await seen.stop();
  expect(sent).toEqual([500, 500]);
});

test("days that could not be written during an outage are written afterwards, the newest ones", async () => {
  const { reader, outage } = counted();
  const errors: unknown[] = [];
  const seen = new LastSeen(reader, (error) => errors.push(error));
  outage.isOn = true;
  seen.note(viewer.id, new Date("2026-04-06T08:00:00Z"));
  await seen.stop();
  expect(errors).toHaveLength(2);
  seen.note(viewer.id, new Date("2026-04-07T08:00:00Z"));
  outage.isOn = false;
  await seen.stop();
  expect(await daysOf(viewer.id)).toContain("2026-04-07T00:00:00.000Z");
});

test("days that could not be written are written a second later, without another request", async () => {
  const { reader, sent, outage } = counted();
  const errors: unknown[] = [];
  const seen = new LastSeen(reader, (error) => errors.push(error));
  const timers: Array<() => void> = [];
  const timer = { unref: () => timer } as unknown as NodeJS.Timeout;
  const start = jest.spyOn(globalThis, "setTimeout").mockImplementation((tick) => {
    timers.push(tick);
    return timer;
  });
  outage.isOn = true;
  seen.note(viewer.id, new Date("2026-04-09T08:00:00Z"));
  timers.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect([sent, errors.length, timers.length]).toEqual([[1], 1, 1]);
  expect(start.mock.calls.map(([, ms]) => ms)).toEqual([1_000, 1_000]);
  start.mockRestore();
  outage.isOn = false;
  timers.shift()?.();
  await seen.stop();
  expect(await daysOf(viewer.id)).toContain("2026-04-09T00:00:00.000Z");
});

test("during an outage at most a hundred thousand people wait", async () => {
  const sent: number[] = [];
  const seen = recorder({
    rows: async (_statement, values) => {
      sent.push((values[0] as string[]).length);
      return [];
    },
  });
  const today = new Date("2026-04-10T08:00:00Z");
  for (let n = 0; n <= 100_000; n++) seen.note(`nobody-${n}`, today);
  await seen.stop();
  expect(sent.reduce((sum, count) => sum + count, 0)).toBe(100_000);
  // The one who did not wait is recorded at the next request.
  seen.note("nobody-100000", today);
  await seen.stop();
  expect(sent.at(-1)).toBe(1);
});

test("the write skips a membership that a command has locked, and writes it later", async () => {
  const runner = world.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query("SELECT FROM member WHERE id = $1 FOR UPDATE", [viewer.memberId]);
  const { reader, sent } = counted();
  const seen = recorder(reader);
  seen.note(viewer.id, new Date("2026-04-08T08:00:00Z"));
  const stopping = seen.stop();
  while (sent.length < 2) await aMoment();
  expect((await daysOf(viewer.id)).sort()).toEqual(["2026-03-31T00:00:00.000Z", "2026-04-08T00:00:00.000Z"]);
  await runner.rollbackTransaction();
  await runner.release();
  await stopping;
  expect(await daysOf(viewer.id)).toEqual(["2026-04-08T00:00:00.000Z", "2026-04-08T00:00:00.000Z"]);
});

test("requests are written while the service runs, and the last ones when it drains", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const replica = await service.replica({}, { jobs: false });
  const { token } = await service.person();
  const ask = service.ask(token, replica);
  const text = "{ viewer { memberships { lastSeenAt } } }";
  const read = async () => (await ask(text)).data.viewer.memberships[0].lastSeenAt;
  const forget = () => service.app.services.database.dataSource.query("UPDATE member SET last_seen_at = NULL");
  const today = `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
  expect(await read()).toBe(today);
  await forget();
  await service.ask(token)("{ viewer { id } }");
  while ((await read()) !== today) await aMoment();
  await forget();
  const third = await service.replica({}, { jobs: false });
  await service.ask(token, third)("{ viewer { id } }");
  await third.close();
  expect(await read()).toBe(today);
  await service.stop();
});
