import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type App, createApp } from "../../src/app";
import { readConfig } from "../../src/config/config";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { createLog } from "../../src/log";
import { DatabaseProxy } from "../support/database-proxy";
import { Random } from "../support/random";
import { ReplicatedPostgres } from "../support/standby";
import { type Replicas, Team } from "../support/standby-team";
import { FakeMailer } from "../support/world";

/** Random changes, each followed by the reads of those who know of it. */
const SEQUENCES = Number(process.env.PROVE_SEQUENCES ?? 24);
/** How often the standby catches up in between. */
const ROUNDS = Math.max(Math.ceil(SEQUENCES / 100), 2);
const TEAMS = 4;
const STANDBY = 'standby_reads{outcome="standby"}';
const BEHIND = 'standby_reads{outcome="behind"}';

let directory: string;
let postgres: ReplicatedPostgres;
let proxy: DatabaseProxy;
let service: Replicas;
beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir(), "standby-"));
  fs.chmodSync(directory, 0o777);
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
  const teams = await Promise.all(Array.from({ length: TEAMS }, (_, seed) => found(seed)));
  const quiet = await found(TEAMS);
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await postgres.resumeReplay();
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
