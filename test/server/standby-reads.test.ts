import { standbyFindings } from "../../src/cli/doctor/standby-findings";
import { DatabaseProxy } from "../support/database-proxy";
import { LONG, OpenedStandbys, SHORT } from "../support/opened-standbys";
import { Random } from "../support/random";
import { post } from "../support/replies";
import type { ReplicatedPostgres, StandbyServer } from "../support/standby";
import { newPerson, type Replicas } from "../support/standby-people";
import { BEHIND, STANDBY, StandbyService, UNUSABLE } from "../support/standby-service";
import { Team } from "../support/standby-team";

/** Random changes, each followed by reads of people who know of it. */
const SEQUENCES = Number(process.env.PROVE_SEQUENCES ?? 12);
const ROUNDS = Math.max(Math.ceil(SEQUENCES / 100), 2);
const TEAMS = 4;

let running: StandbyService;
let postgres: ReplicatedPostgres;
let proxy: DatabaseProxy;
let service: Replicas;
/** Behind the address for reads, next to the one that is held back. */
let prompt: StandbyServer;
beforeAll(async () => {
  running = await StandbyService.start();
  ({ postgres, standbys: proxy, replicas: service } = running);
  prompt = await postgres.addStandby();
});
afterAll(() => running?.stop());

const sum = (series: string) => running.sum(series);
const both = () => [new URL(postgres.standbyUrl), new URL(prompt.url)];

test("on two replicas and two standbys, viewers see their own changes and no revoked right, however late a standby is", async () => {
  // Half the connections of each replica lead to each standby.
  proxy.cut();
  proxy.rotation = both();
  const found = (seed: number) => Team.found(service, new Random(seed));
  const quiet = await found(SEQUENCES);
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await postgres.standby.resumeReplay();
    const teams = await Promise.all(Array.from({ length: TEAMS }, (_, each) => found(round * TEAMS + each)));
    await postgres.caughtUp();
    const before = await sum(STANDBY);
    while ((await sum(STANDBY)) === before) wrong.push(...(await quiet.readAsStaff()));
    // Every other round, each commit arrives two seconds late instead of not at all.
    if (round % 2 === 0) await postgres.standby.pauseReplay();
    else await postgres.standby.resumeReplay(2_000);
    const run = async (team: Team) => {
      for (let each = 0; each < SEQUENCES / ROUNDS / TEAMS; each += 1)
        wrong.push(...(await team.sequence()), ...(await quiet.readAsStaff()));
    };
    await Promise.all(teams.map(run));
  }
  await postgres.standby.resumeReplay();
  expect(wrong).toEqual([]);
  expect(await sum(BEHIND)).toBeGreaterThan(0);
});

describe("a standby", () => {
  const opened = new OpenedStandbys(() => running);
  const open: OpenedStandbys["open"] = (options) => opened.open(options);
  afterAll(() => opened.close());

  test("runs a read once it has replayed the required byte on the primary's timeline", async () => {
    await postgres.standby.pauseReplay();
    const { standby, here } = await open();
    const lsn = (await standby.describe())?.replayed ?? 0;
    expect(await standby.rows(SHORT, [], { ...here, lsn })).toEqual([{ enable_seqscan: "off" }]);
    expect(await standby.rows(SHORT, [], { ...here, lsn: lsn + 1 })).toBeNull();
    expect(await standby.rows(SHORT, [], { timeline: here.timeline + 1, lsn: 0 })).toBeNull();
    expect(standby.reads).toEqual({ standby: 1, behind: 2, unusable: 0 });
  });

  test("delays a read until it has replayed the required changes", async () => {
    await postgres.standby.pauseReplay();
    await post(service.apps[0]?.port ?? 0, (await newPerson(service)).token, "{ viewer { id } }");
    const { standby, here } = await open({ patienceMs: 60_000 });
    const [reading] = [standby.rows(LONG, [], here), await postgres.standby.resumeReplay()];
    expect(await reading).toEqual([{ enable_seqscan: "on" }]);
    expect(standby.reads).toEqual({ standby: 1, behind: 0, unusable: 0 });
  });

  describe("behind one address with another one that is up to date", () => {
    let address: DatabaseProxy;
    beforeAll(async () => {
      address = await DatabaseProxy.open();
      await postgres.standby.pauseReplay();
      await post(service.apps[0]?.port ?? 0, (await newPerson(service)).token, "{ viewer { id } }");
    });
    afterAll(async () => {
      address.close();
      await postgres.standby.resumeReplay();
    });

    /** Reads one by one. Returns whether a standby ran each read. */
    async function reads(count: number, { impatientMs, lanes }: { impatientMs: number; lanes: number }) {
      const url = address.url(postgres.standbyUrl);
      address.rotation = both();
      const { standby, here } = await open({ url, lanes, impatientMs });
      await postgres.caughtUp(prompt);
      const ran: boolean[] = [];
      while (ran.length < count) ran.push((await standby.rows(lanes > 0 ? SHORT : LONG, [], here)) !== null);
      return { ran, standby, here };
    }

    test("is checked on each connection", async () => {
      const { standby, here } = await reads(0, { impatientMs: 0, lanes: 0 });
      const pair = () => Promise.all([standby.rows(LONG, [], here), standby.rows(LONG, [], here)]);
      for (let each = 0; each < 3; each += 1) expect((await pair()).filter((rows) => rows === null)).toHaveLength(1);
      expect(standby.reads).toEqual({ standby: 3, behind: 3, unusable: 0 });
    });

    test.each([0, 2])("gets every other read, or is the last choice for a while, with %d lanes", async (lanes) => {
      expect((await reads(4, { impatientMs: 0, lanes })).ran).toEqual([false, true, false, true]);
      expect((await reads(4, { impatientMs: 3_600_000, lanes })).ran).toEqual([false, true, true, true]);
    });
  });

  test("gets short reads on the other connections if there are no lanes", async () => {
    const { standby, here } = await open({ lanes: 0 });
    expect(await standby.rows(SHORT, [], { ...here, lsn: 0 })).toEqual([{ enable_seqscan: "on" }]);
  });

  test("stays in use when a read fails or takes longer than a second, and the primary runs that read", async () => {
    const { standby, here, warnings } = await open();
    for (const text of ["SELECT 1 / 0", "SELECT pg_sleep(60)"])
      expect(await standby.rows({ name: text, text }, [], { ...here, lsn: 0 })).toBeNull();
    expect(standby.reads).toEqual({ standby: 0, behind: 0, unusable: 2 });
    expect(standby.isUsable).toBe(true);
    expect(warnings).toEqual([]);
  });

  test("is not used, with one warning, if it is a primary, a standby of another primary or unreachable", async () => {
    const other = { rows: async <Row>() => [{ system: "1" }] as Row[] };
    const nowhere = Object.assign(new URL(postgres.standbyUrl), { port: "1" }).toString();
    for (const [options, reason] of [
      [{ url: postgres.primary.url }, /no standby/],
      [{ primary: other }, /another primary/],
      [{ url: nowhere }, /ECONNREFUSED/],
    ] as const) {
      const { standby, warnings, here } = await open(options);
      expect(standby.isUsable).toBe(false);
      expect(await standby.rows(SHORT, [], { ...here, lsn: 0 })).toBeNull();
      expect(warnings).toEqual([expect.stringMatching(reason)]);
    }
  });
});

test("npm run doctor reports whether the address for reads leads to a standby", async () => {
  await postgres.standby.resumeReplay();
  await postgres.caughtUp();
  const { url } = postgres.primary;
  const findings = (databaseReadUrl: string | null) =>
    standbyFindings({ databaseUrl: url, databaseDirectUrl: null, databaseReadUrl });
  expect(await findings(null)).toMatchObject([{ level: "unused" }]);
  expect(await findings(postgres.standbyUrl)).toMatchObject([
    { level: "ok", text: expect.stringContaining("standby of the primary") },
  ]);
  expect(await findings(url)).toMatchObject([{ level: "problem", text: expect.stringContaining("no standby") }]);
});

test("the primary runs reads of rights, and reads for mutations and services", async () => {
  await postgres.standby.resumeReplay();
  const team = await Team.found(service, new Random(1));
  const before = [await sum(STANDBY), await sum(BEHIND), await sum(UNUSABLE)];
  expect(await team.rights()).toEqual([]);
  expect([await sum(STANDBY), await sum(BEHIND), await sum(UNUSABLE)]).toEqual(before);
});

test("every request gets a response while the standby is disconnected or hangs", async () => {
  const team = await Team.found(service, new Random(2));
  await postgres.caughtUp();
  await running.usable(2, team);
  proxy.cut();
  expect(await team.sequence()).toEqual([]);
  await running.usable(0, team);
  const unusable = await sum(UNUSABLE);
  expect(await team.sequence()).toEqual([]);
  expect(await sum(UNUSABLE)).toBeGreaterThan(unusable);
  proxy.url(postgres.standbyUrl);
  await running.usable(2, team);
  proxy.freeze();
  proxy.isHanging = true;
  expect(await team.sequence()).toEqual([]);
  await running.usable(0, team);
  proxy.isHanging = false;
  await running.usable(2, team);
});

if (process.env.PROVE_TIMELINES) {
  test("after a failover, only a standby of the new primary serves", async () => {
    const [stray, third] = [prompt, await postgres.addStandby()];
    const team = await Team.found(service, new Random(3));
    await postgres.caughtUp();
    await third.follow(postgres.standby);
    await postgres.caughtUp();
    await running.failOver(team);
    // The old primary continues on the old timeline, with a standby that is ahead of the new primary.
    await postgres.write(16 * 1024 * 1024);
    await postgres.caughtUp(stray);
    await running.readFrom([stray], team);
    const served = await sum(STANDBY);
    for (let each = 0; each < 10; each += 1) expect(await team.sequence()).toEqual([]);
    expect(await sum(STANDBY)).toBe(served);
    expect(await stray.hasReplayed(await postgres.standby.position())).toBe(true);
    // The standby of the old primary is first, and reports at once that it cannot run a read.
    await running.readFrom([stray, third], team);
    const wrong: string[] = [];
    while ((await sum(STANDBY)) === served) {
      for (const server of [postgres.standby, third]) await server.ask("CHECKPOINT");
      wrong.push(...(await team.readAsStaff()));
    }
    await running.readFrom([third], team);
    await third.pauseReplay();
    const behind = await sum(BEHIND);
    for (let each = 0; each < 20; each += 1) wrong.push(...(await team.sequence()));
    expect(wrong).toEqual([]);
    expect(await sum(BEHIND)).toBeGreaterThan(behind);
  });
}
