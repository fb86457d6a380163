import { Pool } from "pg";
import { changeOrganization } from "../../src/commands/runner/run";
import { ServiceProcess } from "../../test/support/process";
import type { BenchedService } from "./service";
import { now, type Side, type Socket, Subscribers, startBareServer } from "./subscribers";

/** Sockets that one person may open in a process. */
const SOCKETS_EACH = 100;
const DOCUMENT = `subscription($id: ID!, $after: String) { invitationChanged(organizationId: $id, after: $after) {
  cursor change occurredAt invitation { id email role status delivery } } }`;
/** As long as one of the service's messages. */
const FLOOR_MESSAGE = JSON.stringify({ id: "1", type: "next", payload: "x".repeat(330) });

/** An organization with an invitation that events can be about. */
export interface LiveOrganization {
  id: string;
  invitationId: string;
}

/**
 * Measures live streams: the service, the bare server and the clients each run in a process of their own. This process
 * commits the events. For the service it publishes as a replica does; for the bare server it sends the notification itself.
 */
export class LiveFixture {
  readonly subscribers = new Subscribers();
  private constructor(
    private readonly service: BenchedService,
    public replica: ServiceProcess,
    readonly bare: Awaited<ReturnType<typeof startBareServer>>,
    private readonly notifier: Pool,
    private readonly tokens: string[],
  ) {}

  static async start(service: BenchedService, people: number): Promise<LiveFixture> {
    const replica = await startReplica(service);
    const notifier = new Pool({ connectionString: service.databaseUrl, max: 2 });
    notifier.on("error", () => undefined);
    const bare = await startBareServer(service.databaseUrl);
    const ids = Array.from({ length: people }, (_, n) => `subscriber-${n}`);
    return new LiveFixture(service, replica, bare, notifier, await Promise.all(ids.map((id) => service.signUp(id))));
  }

  async stop(): Promise<void> {
    this.subscribers.stop();
    this.bare.stop();
    await this.notifier.end();
    await this.replica.end("SIGTERM");
  }

  /** Kills the service's process and starts another. */
  async restart(): Promise<void> {
    await this.replica.end("SIGKILL");
    this.replica = await startReplica(this.service);
  }

  /** Organizations with an invitation each. All people of this fixture may subscribe to them. */
  async topics(count: number): Promise<LiveOrganization[]> {
    const topics: LiveOrganization[] = [];
    while (topics.length < count) {
      const id = await this.service.organization();
      await this.service.sql(
        `INSERT INTO member (id, organization_id, user_id, role, joined_at)
         SELECT gen_random_uuid(), $1, id, 'ADMIN', now() FROM user_account WHERE id LIKE 'subscriber-%'`,
        id,
      );
      topics.push({ id, invitationId: await this.service.invite(id) });
    }
    return topics;
  }

  /** `count` sockets, spread evenly over the topics and the people. */
  sockets(side: Side, topics: readonly LiveOrganization[], count: number, query = DOCUMENT): Socket[] {
    if (count > this.tokens.length * SOCKETS_EACH)
      throw new Error("There are too few people for this number of sockets.");
    return Array.from({ length: count }, (_, n) => {
      const topic = topics[n % topics.length]?.id ?? "";
      if (side === "floor") return { port: this.bare.port, isBare: true, topic };
      const token = this.tokens[n % this.tokens.length];
      return { port: this.replica.port, isBare: false, topic, token, query, variables: { id: topic } };
    });
  }

  /** Opens sockets, and waits until all of them have subscribed. */
  async open(sockets: Socket[], atOnce?: number): Promise<void> {
    const before = await this.streams();
    await this.subscribers.open(sockets, atOnce);
    const subscribed = sockets.filter(({ isBare }) => !isBare).length;
    while ((await this.streams()) < before + subscribed) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Closes all sockets, and waits until no stream is left. */
  async close(): Promise<void> {
    await this.subscribers.close();
    while ((await this.streams()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Commits `count` events of a topic and notifies one side. Returns the time of the commit. */
  async commitEvents(side: Side, { id, invitationId }: LiveOrganization, count = 1): Promise<number> {
    let committedAt = 0;
    const { services } = this.service.app;
    const publish = (topics: readonly string[]) => {
      committedAt = now();
      if (side === "service") services.notifier.publish(topics);
      else this.notifier.query({ name: "floor", text: "SELECT pg_notify('floor', $1)", values: [floorPayload(id)] });
    };
    await changeOrganization({ ...services, notifier: { publish } }, id, async ({ record }) => {
      const summary = "The invitation was sent.";
      for (let n = 0; n < count; n++) record({ type: "invitation.sent", subjectId: invitationId, summary, data: {} });
    });
    return committedAt;
  }

  /** Commits `count` events, `rate` per second, over the topics in turn. Returns the times of their commits. */
  async perSecond(rate: number, count: number, topics: readonly LiveOrganization[], side: Side, atOnce = 1) {
    const commits: Record<string, number[]> = Object.fromEntries(topics.map(({ id }) => [id, []]));
    const startedAt = now();
    const running: Array<Promise<unknown>> = [];
    for (let n = 0; n < count; n += atOnce) {
      const wait = startedAt + (n * 1_000) / rate - now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const topic = topics[(n / atOnce) % topics.length] as LiveOrganization;
      running.push(
        this.commitEvents(side, topic, atOnce).then((at) => commits[topic.id]?.push(...Array<number>(atOnce).fill(at))),
      );
    }
    await Promise.all(running);
    return commits;
  }

  private async streams(): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.replica.port}/metrics`);
    return Number(/^live_streams (\d+)$/m.exec(await response.text())?.[1]);
  }
}

function floorPayload(topic: string): string {
  return `${topic} ${FLOOR_MESSAGE}`;
}

function startReplica({ databaseUrl, directory }: BenchedService): Promise<ServiceProcess> {
  return ServiceProcess.start({ DATABASE_URL: databaseUrl, DATA_DIR: directory, SEED_DEMO: "false" });
}
