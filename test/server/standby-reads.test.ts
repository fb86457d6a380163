import fs from "node:fs";
import { type App, createApp } from "../../src/app";
import { standbyFindings } from "../../src/cli/doctor/standby-findings";
import { readConfig } from "../../src/config/config";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { createLog } from "../../src/log";
import { Standby } from "../../src/store/engine/standby";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { readWalPosition } from "../../src/store/read-positions";
import { databaseDirectory } from "../support/database-directory";
import { DatabaseProxy } from "../support/database-proxy";
import { Random } from "../support/random";
import { post } from "../support/replies";
import { ReplicatedPostgres } from "../support/standby";
import { newParty, type Replicas } from "../support/standby-parties";
import { Team } from "../support/standby-team";
import { FakeMailer } from "../support/world";

/** Random changes, each followed by the reads of those who know of it. */
const SEQUENCES = Number(process.env.PROVE_SEQUENCES ?? 24);
/** How often the standby catches up in between. */
const ROUNDS = Math.max(Math.ceil(SEQUENCES / 100), 2);
const TEAMS = 4;
const STANDBY = 'standby_reads{outcome="standby"}';
const BEHIND = 'standby_reads{outcome="behind"}';
const UNUSABLE = 'standby_reads{outcome="unusable"}';

let directory: string;
let postgres: ReplicatedPostgres;
let proxy: DatabaseProxy;
let service: Replicas;
beforeAll(async () => {
  directory = databaseDirectory("standby-");
  postgres = await ReplicatedPostgres.start(directory, { isSynchronous: false });
  proxy = await DatabaseProxy.open();
  const variables = {
    PORT: "0",
    DATABASE_URL: postgres.primary.url,
    DATABASE_READ_URL: proxy.url(postgres.standbyUrl),
    DATA_DIR: directory,
    SEED_DEMO: "false",
    LOG_LEVEL: "silent",
  };
  const mailer = new FakeMailer();
  const replica = () => createApp(readConfig(variables), createLog("silent"), { mailer });
  service = { apps: [await replica(), await replica()], issuer: await openDevelopmentIssuer(directory), mailer };
});
afterAll(async () => {
  for (const app of service?.apps ?? []) await app.close();
  proxy?.close();
  await postgres?.stop();
  fs.rmSync(directory, { recursive: true, force: true });
});

/** A metric of both replicas together. */
async function sum(series: string): Promise<number> {
  const of = async ({ port }: App) => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length),
    );
  };
  return (await Promise.all(service.apps.map(of))).reduce((total, count) => total + count, 0);
}

test("on two replicas, everybody sees their own changes and no revoked right, however far the standby is behind", async () => {
  const found = (seed: number) => Team.found(service, new Random(seed));
  const quiet = await found(SEQUENCES);
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await postgres.resumeReplay();
    const teams = await Promise.all(Array.from({ length: TEAMS }, (_, each) => found(round * TEAMS + each)));
    await postgres.caughtUp();
    const before = await sum(STANDBY);
    while ((await sum(STANDBY)) === before) wrong.push(...(await quiet.lookAsStaff()));
    // Every other round, each commit arrives two seconds late instead of not at all.
    if (round % 2 === 0) await postgres.pauseReplay();
    else await postgres.resumeReplay(2_000);
    const run = async (team: Team) => {
      for (let each = 0; each < SEQUENCES / ROUNDS / TEAMS; each += 1)
        wrong.push(...(await team.sequence()), ...(await quiet.lookAsStaff()));
    };
    await Promise.all(teams.map(run));
  }
  await postgres.resumeReplay();
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
    const { url = postgres.standbyUrl, primary = database(), lanes = 1, patienceMs = 0 } = options;
    const warnings: string[] = [];
    const warn = (error: unknown) => warnings.push((error as Error).message);
    const standby = new Standby({ url, primary, connections: { lanes, pool: 2 }, patienceMs, warn });
    opened.push(standby);
    await standby.open();
    return { standby, warnings, here: await readWalPosition(database()) };
  }

  test("it runs a read from the byte on that it has replayed, and on the primary's timeline alone", async () => {
    await postgres.pauseReplay();
    const { standby, here } = await open();
    const lsn = (await standby.describe())?.replayed ?? 0;
    expect(await standby.rows(SHORT, [], { ...here, lsn })).toEqual([{ enable_seqscan: "off" }]);
    expect(await standby.rows(SHORT, [], { ...here, lsn: lsn + 1 })).toBeNull();
    expect(await standby.rows(SHORT, [], { timeline: here.timeline + 1, lsn: 0 })).toBeNull();
    expect(standby.reads).toEqual({ standby: 1, behind: 2, unusable: 0 });
  });

  test("a read waits for what the standby has not replayed yet", async () => {
    await postgres.pauseReplay();
    await post(service.apps[0]?.port ?? 0, (await newParty(service)).token, "{ viewer { id } }");
    const { standby, here } = await open({ patienceMs: 60_000 });
    const [reading] = [standby.rows(LONG, [], here), await postgres.resumeReplay()];
    expect(await reading).toEqual([{ enable_seqscan: "on" }]);
    expect(standby.reads).toEqual({ standby: 1, behind: 0, unusable: 0 });
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
  await postgres.resumeReplay();
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
  await postgres.resumeReplay();
  const team = await Team.found(service, new Random(1));
  const before = [await sum(STANDBY), await sum(BEHIND), await sum(UNUSABLE)];
  expect(await team.rights()).toEqual([]);
  expect([await sum(STANDBY), await sum(BEHIND), await sum(UNUSABLE)]).toEqual(before);
});

test("every request is answered while the standby is cut off, while it hangs, and after it was promoted", async () => {
  const team = await Team.found(service, new Random(2));
  await postgres.caughtUp();
  const usable = async (count: number) => {
    while ((await sum("standby_usable")) !== count) expect(await team.lookAsStaff()).toEqual([]);
  };
  await usable(2);
  proxy.cut();
  expect(await team.sequence()).toEqual([]);
  await usable(0);
  const unusable = await sum(UNUSABLE);
  expect(await team.sequence()).toEqual([]);
  expect(await sum(UNUSABLE)).toBeGreaterThan(unusable);
  proxy.url(postgres.standbyUrl);
  await usable(2);
  proxy.freeze();
  proxy.isHanging = true;
  expect(await team.sequence()).toEqual([]);
  await usable(0);
  proxy.isHanging = false;
  await usable(2);
  await postgres.promote();
  expect(await team.sequence()).toEqual([]);
  await usable(0);
  expect(await team.sequence()).toEqual([]);
});

function database() {
  const [app] = service.apps;
  if (!app) throw new Error("There is no replica.");
  return app.services.database;
}
