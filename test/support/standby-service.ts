import fs from "node:fs";
import { createApp } from "../../src/app";
import { readConfig } from "../../src/config/config";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { createLog } from "../../src/log";
import { databaseDirectory } from "./database-directory";
import { DatabaseProxy } from "./database-proxy";
import { FakeMailer } from "./fake-mailer";
import { post } from "./replies";
import { ReplicatedPostgres, type StandbyServer } from "./standby";
import { newPerson, type Replicas } from "./standby-people";
import type { Team } from "./standby-team";

export const STANDBY = 'standby_reads{outcome="standby"}';
export const BEHIND = 'standby_reads{outcome="behind"}';
export const UNUSABLE = 'standby_reads{outcome="unusable"}';

/** Two replicas of the service on a primary, with an address for reads that may lead to several standbys. */
export class StandbyService {
  private constructor(
    private readonly directory: string,
    readonly postgres: ReplicatedPostgres,
    /** DATABASE_URL. */
    readonly primary: DatabaseProxy,
    /** DATABASE_READ_URL. */
    readonly standbys: DatabaseProxy,
    readonly replicas: Replicas,
  ) {}

  static async start(): Promise<StandbyService> {
    const directory = databaseDirectory("standby-");
    const postgres = await ReplicatedPostgres.start(directory, { isSynchronous: false });
    const [primary, standbys] = [await DatabaseProxy.open(), await DatabaseProxy.open()];
    const variables = {
      PORT: "0",
      DATABASE_URL: primary.url(postgres.primary.url),
      DATABASE_READ_URL: standbys.url(postgres.standbyUrl),
      DATA_DIR: directory,
      SEED_DEMO: "false",
      LOG_LEVEL: "silent",
    };
    const mailer = new FakeMailer();
    const replica = () => createApp(readConfig(variables), createLog("silent"), { mailer });
    const apps = [await replica(), await replica()];
    const replicas = { apps, issuer: await openDevelopmentIssuer(directory), mailer };
    return new StandbyService(directory, postgres, primary, standbys, replicas);
  }

  /** A metric of both replicas together. */
  async sum(series: string): Promise<number> {
    const texts = this.replicas.apps.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    const values = (await Promise.all(texts)).map((text) => {
      const line = text.split("\n").find((each) => each.startsWith(`${series} `));
      return Number(line?.slice(series.length));
    });
    return values.reduce((total, value) => total + value, 0);
  }

  /** Sends reads until this many replicas can use a standby. */
  async usable(count: number, team: Team): Promise<void> {
    while ((await this.sum("standby_usable")) !== count) expect(await team.readAsStaff()).toEqual([]);
  }

  /** Sends all reads on standbys to these servers in turn, and waits until both replicas use them. */
  async readFrom(servers: readonly StandbyServer[], team: Team): Promise<void> {
    this.standbys.cut();
    await this.usable(0, team);
    this.standbys.rotation = servers.map(({ url }) => new URL(url));
    await this.usable(this.replicas.apps.length, team);
  }

  /** Promotes the standby, and connects both replicas to it. The old primary continues. */
  async failOver(team: Team): Promise<void> {
    await this.postgres.promote();
    await this.usable(0, team);
    this.primary.cut();
    this.primary.target = new URL(this.postgres.standbyUrl);
    const { token } = await newPerson(this.replicas);
    for (const { port } of this.replicas.apps) while ((await post(port, token, "{ viewer { id } }")).error);
  }

  get database() {
    const [app] = this.replicas.apps;
    if (!app) throw new Error("There is no replica.");
    return app.services.database;
  }

  async stop(): Promise<void> {
    for (const app of this.replicas.apps) await app.close();
    for (const proxy of [this.primary, this.standbys]) proxy.close();
    await this.postgres.stop();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
