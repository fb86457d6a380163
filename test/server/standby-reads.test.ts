import { standbyFindings } from "../../src/cli/doctor/standby-findings";
import { Standby } from "../../src/store/engine/standby";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { readWalPosition } from "../../src/store/read-positions";
import { DatabaseProxy } from "../support/database-proxy";
import { Random } from "../support/random";
import { post } from "../support/replies";
import type { ReplicatedPostgres, StandbyServer } from "../support/standby";
import { newParty, type Replicas } from "../support/standby-parties";
import { BEHIND, STANDBY, StandbyService, UNUSABLE } from "../support/standby-service";
import { Team } from "../support/standby-team";

/** Random changes, each followed by the reads of those who know of it. */
const SEQUENCES = Number(process.env.PROVE_SEQUENCES ?? 24);
const ROUNDS = Math.max(Math.ceil(SEQUENCES / 100), 2);
const TEAMS = 4;
const timelines = process.env.PROVE_TIMELINES ? test : test.skip;

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

test("on two replicas and two standbys, everybody sees their own changes and no revoked right, however far one is behind", async () => {
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
    while ((await sum(STANDBY)) === before) wrong.push(...(await quiet.lookAsStaff()));
    // Every other round, each commit arrives two seconds late instead of not at all.
    if (round % 2 === 0) await postgres.standby.pauseReplay();
    else await postgres.standby.resumeReplay(2_000);
    const run = async (team: Team) => {
      for (let each = 0; each < SEQUENCES / ROUNDS / TEAMS; each += 1)
        wrong.push(...(await team.sequence()), ...(await quiet.lookAsStaff()));
    };
    await Promise.all(teams.map(run));
  }
  await postgres.standby.resumeReplay();
  expect(wrong).toEqual([]);
  expect(await sum(BEHIND)).toBeGreaterThan(0);
});

/** One statement of each kind, about the session that ran it. */
const SHORT: Statement = { name: "short", isShortRead: true, text: "SHOW enable_seqscan" };
const LONG: Statement = { name: "long", text: "SHOW enable_seqscan" };

describe("a standby by itself", () => {
  const opened: Standby[] = [];
  afterAll(() => {
    for (const standby of opened) standby.close();
  });

  async function open(options: { url?: string; primary?: Reader; lanes?: number; patienceMs?: number } = {}) {
    const { url = postgres.standbyUrl, primary = running.database, lanes = 1, patienceMs = 0 } = options;
    const warnings: string[] = [];
    const warn = (error: unknown) => warnings.push((error as Error).message);
    const standby = new Standby({ url, primary, connections: { lanes, pool: 2 }, patienceMs, warn });
    opened.push(standby);
    await standby.open();
    return { standby, warnings, here: await readWalPosition(running.database) };
  }

  test("it runs a read from the byte on that it has replayed, and on the primary's timeline alone", async () => {
    await postgres.standby.pauseReplay();
    const { standby, here } = await open();
    const lsn = (await standby.describe())?.replayed ?? 0;
    expect(await standby.rows(SHORT, [], { ...here, lsn })).toEqual([{ enable_seqscan: "off" }]);
    expect(await standby.rows(SHORT, [], { ...here, lsn: lsn + 1 })).toBeNull();
    expect(await standby.rows(SHORT, [], { timeline: here.timeline + 1, lsn: 0 })).toBeNull();
    expect(standby.reads).toEqual({ standby: 1, behind: 2, unusable: 0 });
  });

  test("a read waits for what the standby has not replayed yet", async () => {
    await postgres.standby.pauseReplay();
    await post(service.apps[0]?.port ?? 0, (await newParty(service)).token, "{ viewer { id } }");
    const { standby, here } = await open({ patienceMs: 60_000 });
    const [reading] = [standby.rows(LONG, [], here), await postgres.standby.resumeReplay()];
    expect(await reading).toEqual([{ enable_seqscan: "on" }]);
    expect(standby.reads).toEqual({ standby: 1, behind: 0, unusable: 0 });
  });

  test("of two standbys behind one address, each connection answers for its own", async () => {
    const address = await DatabaseProxy.open();
    address.rotation = both();
    const { standby } = await open({ url: address.url(postgres.standbyUrl), lanes: 0 });
    await postgres.standby.pauseReplay();
    await post(service.apps[0]?.port ?? 0, (await newParty(service)).token, "{ viewer { id } }");
    const here = await readWalPosition(running.database);
    await postgres.caughtUp(prompt);
    const pair = () => Promise.all([standby.rows(LONG, [], here), standby.rows(LONG, [], here)]);
    for (let each = 0; each < 3; each += 1) expect((await pair()).filter((rows) => rows === null)).toHaveLength(1);
    expect(standby.reads).toEqual({ standby: 3, behind: 3, unusable: 0 });
    address.close();
    await postgres.standby.resumeReplay();
  });

  test("without lanes, short reads take the other connections", async () => {
    const { standby, here } = await open({ lanes: 0 });
    expect(await standby.rows(SHORT, [], { ...here, lsn: 0 })).toEqual([{ enable_seqscan: "on" }]);
  });

  test("a read that fails or takes longer than a second is the primary's, and the standby stays in use", async () => {
    const { standby, here, warnings } = await open();
    for (const text of ["SELECT 1 / 0", "SELECT pg_sleep(60)"])
      expect(await standby.rows({ name: text, text }, [], { ...here, lsn: 0 })).toBeNull();
    expect(standby.reads).toEqual({ standby: 0, behind: 0, unusable: 2 });
    expect(standby.isUsable).toBe(true);
    expect(warnings).toEqual([]);
  });

  test("a primary, a standby of another one and an address without a server are not used, with one warning each", async () => {
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

test("npm run doctor tells a standby from a primary, and how far it is", async () => {
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

test("a right, a mutation and a service's request are never a matter of the standby", async () => {
  await postgres.standby.resumeReplay();
  const team = await Team.found(service, new Random(1));
  const before = [await sum(STANDBY), await sum(BEHIND), await sum(UNUSABLE)];
  expect(await team.rights()).toEqual([]);
  expect([await sum(STANDBY), await sum(BEHIND), await sum(UNUSABLE)]).toEqual(before);
});

test("every request is answered while the standby is cut off, and while it hangs", async () => {
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

timelines("after a failover, only a standby of the new primary serves", async () => {
  const [stray, third] = [prompt, await postgres.addStandby()];
  const team = await Team.found(service, new Random(3));
  await postgres.caughtUp();
  await third.follow(postgres.standby);
  await postgres.caughtUp();
  await postgres.promote();
  await running.usable(0, team);
  // The old primary goes on, on the old timeline, with a standby that gets further than the new primary.
  running.primary.cut();
  running.primary.target = new URL(postgres.standbyUrl);
  const { token } = await newParty(service);
  for (const { port } of service.apps) while ((await post(port, token, "{ viewer { id } }")).error);
  await postgres.write(16 * 1024 * 1024);
  await postgres.caughtUp(stray);
  proxy.cut();
  proxy.target = new URL(stray.url);
  await running.usable(2, team);
  const served = await sum(STANDBY);
  for (let each = 0; each < 10; each += 1) expect(await team.sequence()).toEqual([]);
  expect(await sum(STANDBY)).toBe(served);
  proxy.cut();
  proxy.rotation = [new URL(stray.url), new URL(third.url)];
  const wrong: string[] = [];
  while ((await sum(STANDBY)) === served) {
    for (const server of [postgres.standby, third]) await server.ask("CHECKPOINT");
    wrong.push(...(await team.lookAsStaff()));
  }
  await third.resumeReplay(2_000);
  const behind = await sum(BEHIND);
  for (let each = 0; each < SEQUENCES / 4; each += 1) wrong.push(...(await team.sequence()));
  expect(wrong).toEqual([]);
  expect(await sum(BEHIND)).toBeGreaterThan(behind);
});
