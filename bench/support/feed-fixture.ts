import { type Client, createClient } from "graphql-ws";
import { Pool } from "pg";
import WebSocket from "ws";
import { changeOrganization } from "../../src/commands/runner/run";
import { ServiceProcess } from "../../test/support/process";
import type { BenchedService } from "./service";
import { type Side, startBareServer } from "./subscribers";

/** As long as one of the service's messages. */
const FLOOR_MESSAGE = "x".repeat(330);

/**
 * A subscriber of the events of all organizations, in its own process, and a subscriber of a bare server that
 * broadcasts the same amount. This process commits the events and measures the times.
 */
export class FeedFixture {
  private readonly committed = new Map<string, number>();
  private delays: number[] = [];

  private constructor(
    private readonly service: BenchedService,
    private readonly ids: readonly string[],
    private readonly replica: ServiceProcess,
    private readonly bare: Awaited<ReturnType<typeof startBareServer>>,
    private readonly notifier: Pool,
    private readonly eventsPerChange: number,
  ) {}

  private client: Client | null = null;
  /** Number of the next change: the organizations change in turn. */
  private next = 0;
  private socket: WebSocket | null = null;

  /** Each change of one of the organizations writes several events. */
  static async start(service: BenchedService, organizations: number, eventsPerChange: number): Promise<FeedFixture> {
    const rows = await service.sql<{ id: string }>(
      `INSERT INTO organization (id, name, created_at, updated_at)
       SELECT gen_random_uuid(), 'Feed', now(), now() FROM generate_series(1, $1::int) RETURNING id`,
      organizations,
    );
    const variables = { DATABASE_URL: service.databaseUrl, DATA_DIR: service.directory, SEED_DEMO: "false" };
    const [replica, bare] = [await ServiceProcess.start(variables), await startBareServer(service.databaseUrl)];
    const notifier = new Pool({ connectionString: service.databaseUrl, max: 2 });
    const ids = rows.map(({ id }) => id);
    const fixture = new FeedFixture(service, ids, replica, bare, notifier, eventsPerChange);
    await fixture.subscribe();
    return fixture;
  }

  async stop(): Promise<void> {
    await this.client?.dispose();
    this.socket?.terminate();
    this.bare.stop();
    await this.notifier.end();
    await this.replica.end("SIGTERM");
  }

  /** Commits `count` events over the organizations, and waits until the subscriber has them. */
  async run(side: Side, perSecond: number, count: number) {
    await this.catchUp();
    this.delays = [];
    const startedAt = performance.now();
    const running: Array<Promise<unknown>> = [];
    for (let n = 0; n < count; n += this.eventsPerChange) {
      const wait = startedAt + (n * 1_000) / perSecond - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      running.push(this.commit(side, this.ids[this.next++ % this.ids.length] ?? ""));
    }
    await Promise.all(running);
    const took = performance.now() - startedAt;
    while (this.delays.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    const sorted = this.delays.sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
    return { p50: at(0.5), p99: at(0.99), perSecond: (count * 1_000) / took };
  }

  private async commit(side: Side, id: string): Promise<void> {
    const { services } = this.service.app;
    const count = this.eventsPerChange;
    await commitEvents(this.service, id, count, (sequence) => {
      const names = Array.from({ length: count }, (_, n) => `${id}.${sequence - count + 1 + n}`);
      for (const name of names) this.committed.set(name, performance.now());
      if (side === "service") return services.notifier.publish([id]);
      const values = [names.map((name) => `all ${name} ${FLOOR_MESSAGE}`)];
      void this.notifier.query({
        name: "floor",
        text: "SELECT pg_notify('floor', p) FROM unnest($1::text[]) AS p",
        values,
      });
    });
  }

  /**
   * Waits until the service's subscriber has everything. In the floor's turns nothing notifies the service, which then
   * reads once a second.
   */
  private async catchUp(): Promise<void> {
    const { measured } = this;
    this.measured = "service";
    this.delays = [];
    this.committed.clear();
    await this.commit("service", this.ids[0] ?? "");
    const isHere = () => this.delays.filter((delay) => !Number.isNaN(delay)).length === this.eventsPerChange;
    while (!isHere()) await new Promise((resolve) => setTimeout(resolve, 10));
    this.measured = measured;
  }

  private receive(side: Side, current: Side | null, name: string): void {
    if (side === current) this.delays.push(performance.now() - (this.committed.get(name) ?? Number.NaN));
  }

  /** The side whose times are measured. */
  measured: Side | null = null;

  private async subscribe(): Promise<void> {
    const { port } = this.replica;
    const connectionParams = { authorization: `Bearer ${this.service.token("checker")}` };
    const client = createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket, connectionParams });
    const query = "subscription { organizationEvents { cursor organizationId sequence type occurredAt } }";
    type Data = { organizationEvents: { organizationId: string; sequence: number } };
    const next = ({ data }: { data?: Data | null }) => {
      const { organizationId, sequence } = data?.organizationEvents ?? {};
      this.receive("service", this.measured, `${organizationId}.${sequence}`);
    };
    client.subscribe<Data>({ query }, { next, error: console.error, complete: () => undefined });
    const socket = new WebSocket(`ws://127.0.0.1:${this.bare.port}/?topic=all`);
    socket.on("message", (text) => this.receive("floor", this.measured, String(text).split(" ")[0] ?? ""));
    await new Promise((resolve) => socket.once("open", resolve));
    while ((await this.streams()) < 1) await new Promise((resolve) => setTimeout(resolve, 10));
    Object.assign(this, { client, socket });
  }

  private async streams(): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.replica.port}/metrics`);
    return Number(/^live_streams (\d+)$/m.exec(await response.text())?.[1]);
  }
}

/** Commits events of an organization; `onCommit` gets the sequence of the last one. */
export async function commitEvents(
  { app: { services } }: BenchedService,
  id: string,
  count: number,
  onCommit: (sequence: number) => void,
): Promise<void> {
  let sequence = 0;
  const publish = () => onCommit(sequence);
  await changeOrganization({ ...services, notifier: { publish } }, id, async ({ record, organization }) => {
    sequence = organization.eventSequence + count;
    const change = { subjectId: id, summary: "It was changed.", data: { after: { name: "Feed" } } };
    for (let n = 0; n < count; n++) record({ type: "organization.updated", ...change });
  });
}
