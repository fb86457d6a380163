import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { Pool } from "pg";
import { type DevelopmentIssuer, openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { databaseDirectory } from "../support/database-directory";
import { DatabaseProxy } from "../support/database-proxy";
import { MailServer } from "../support/mail-server";
import { killRemainingProcesses, ServiceProcess } from "../support/process";
import { post } from "../support/replies";
import { ReplicatedPostgres } from "../support/standby";
import { connect, subscribeBySocket, type TestSubscription } from "../support/test-subscription";

const CLIENTS = 8;
/** Changes that must succeed after each fault. */
const CHANGES = Number(process.env.PROVE_CHANGES ?? 10);
/** The limit from the switch to the first change. A quiet machine needs 2,000. */
const LONGEST_GAP_MS = Number(process.env.PROVE_GAP_MS ?? 0);

let directory: string;
let postgres: ReplicatedPostgres;
let proxy: DatabaseProxy;
// A process of its own, because graphile-worker leaves rejections to the process when it cannot record a finished job.
let service: ServiceProcess;
let mail: MailServer;
let issuer: DevelopmentIssuer;
beforeAll(async () => {
  directory = databaseDirectory("failover-");
  postgres = await ReplicatedPostgres.start(directory);
  proxy = await DatabaseProxy.open();
  issuer = await openDevelopmentIssuer(directory);
  mail = await MailServer.start();
  service = await ServiceProcess.start({
    DATABASE_URL: proxy.url(postgres.primary.url),
    DATA_DIR: directory,
    SEED_DEMO: "false",
    // On a busy machine, faults and the failover may take longer than the defaults.
    OPERATION_DEADLINE_MS: "60000",
    LOCK_TIMEOUT_MS: "10000",
    LOG_LEVEL: "silent",
    SMTP_URL: mail.url,
    MAIL_FROM: "no-reply@example.com",
  });
});
afterAll(async () => {
  killRemainingProcesses();
  mail.close();
  proxy.close();
  await postgres.stop();
  fs.rmSync(directory, { recursive: true, force: true });
});

const CHANGED = `subscription($id: ID!, $after: String) { organizationChanged(organizationId: $id, after: $after) { type cursor } }`;

/** Follows the changes of an organization, and continues after the last one when the stream ends. */
class Follower {
  private readonly cursors: string[] = [];
  private stream: TestSubscription;

  constructor(
    readonly token: string,
    readonly organizationId: string,
    private after: string,
  ) {
    this.stream = this.open();
  }

  /** Waits until there are `n` cursors, and returns all. */
  async count(n: number): Promise<string[]> {
    while (this.cursors.length < n) {
      await this.stream.count(n - this.cursors.length).catch(() => undefined);
      const received = this.stream.received.flatMap(({ data }) => data?.organizationChanged ?? []);
      for (const { type, cursor } of received) if (type === "organization.updated") this.cursors.push(cursor);
      this.after = received.at(-1)?.cursor ?? this.after;
      if (this.cursors.length < n) this.stream = this.open();
    }
    return this.cursors;
  }

  private open(): TestSubscription {
    const { organizationId: id, after } = this;
    return subscribeBySocket(connect(service.port, this.token), CHANGED, { id, after });
  }
}

/** Clients that change their organizations continuously, and repeat each change until it is acknowledged. */
class Load {
  readonly acknowledged: string[] = [];
  /** The codes of errors. */
  readonly codes = new Set<string>();
  readonly followers: Follower[] = [];
  isOver = false;
  private onAcknowledged = () => {};

  async client(): Promise<void> {
    const id = `test|${randomUUID()}`;
    const token = await issuer.issue({ id, email: `${randomUUID()}@example.com`, emailVerified: true, name: "L" });
    const read = async () => {
      const { data } = await post(
        service.port,
        token,
        "{ viewer { memberships { organization { id eventCursor } } } }",
      );
      return data.viewer.memberships[0].organization;
    };
    const { id: organization } = await read();
    // This plan has seats for those who are invited.
    const plan = `mutation { changePlan(input: { organizationId: "${organization}", planCode: "ADVANCED" }) { __typename } }`;
    await post(service.port, token, plan);
    this.followers.push(new Follower(token, organization, (await read()).eventCursor));
    while (!this.isOver) {
      const name = randomUUID();
      const rename = `mutation { updateOrganization(input: { organizationId: "${organization}", name: "${name}" }) { ... on UpdateOrganizationSuccess { organization { id } } } }`;
      while (!(await this.isAcknowledged(token, rename, name)));
      this.acknowledged.push(name);
      this.onAcknowledged();
    }
  }

  /** Invites somebody to each organization. Returns the addresses. */
  invite(): Promise<string[]> {
    return Promise.all(
      this.followers.map(async ({ token, organizationId }) => {
        const email = `${randomUUID()}@example.com`;
        const invite = `mutation { inviteMembers(input: { organizationId: "${organizationId}", emails: ["${email}"], role: VIEWER }) { ... on InviteMembersSuccess { invitations { id } } } }`;
        while (!(await this.isAcknowledged(token, invite, email)));
        return email;
      }),
    );
  }

  private async isAcknowledged(token: string, query: string, key: string): Promise<boolean> {
    const { status, retryAfter, error } = await post(service.port, token, query, key);
    if (!error) return true;
    this.codes.add(`${error.extensions.code} ${status} ${retryAfter}`);
    return false;
  }

  /** Waits for further acknowledged changes. */
  async more(count: number): Promise<void> {
    const until = this.acknowledged.length + count;
    while (this.acknowledged.length < until)
      await new Promise<void>((resolve) => {
        this.onAcknowledged = resolve;
      });
  }
}

const FAULTS: Record<string, () => void> = {
  "delays everything": () => {
    proxy.delayMs = 50;
  },
  "resets every connection": () => {
    const { target } = proxy;
    proxy.cut();
    proxy.target = target;
  },
  "half-closes every connection": () => proxy.halfClose(),
  "swallows what is sent on every connection": () => proxy.freeze(),
};

test("under load, network faults and a failover lose no acknowledged change and repeat none", async () => {
  const load = new Load();
  const clients = Promise.all(Array.from({ length: CLIENTS }, () => load.client()));
  await load.more(CHANGES);
  for (const inject of Object.values(FAULTS)) {
    inject();
    await load.more(CHANGES);
    proxy.delayMs = 0;
  }
  // The primary hangs while jobs wait on it. Its standby takes over at the same address.
  const inviting = load.invite();
  await load.more(1);
  postgres.hang();
  await postgres.promote();
  proxy.target = new URL(postgres.standbyUrl);
  const switchedAt = performance.now();
  await load.more(1);
  const gap = performance.now() - switchedAt;
  await load.more(CHANGES);
  load.isOver = true;
  await clients;
  const invited = await inviting;
  const isMissing = () => invited.some((email) => !mail.received.some((text) => text.includes(`To: ${email}`)));
  while (isMissing()) await mail.next();
  const database = new Pool({ connectionString: postgres.standbyUrl, max: 1 });
  const { rows } = await database.query(
    "SELECT data->'after'->>'name' AS name, count(*)::int AS times FROM organization_event WHERE type = 'organization.updated' GROUP BY 1",
  );
  const times = new Map<string, number>(rows.map(({ name, times: n }: { name: string; times: number }) => [name, n]));
  expect(load.acknowledged.filter((name) => times.get(name) !== 1)).toEqual([]);
  expect(times.size).toBe(load.acknowledged.length);
  // Every stream has each change once.
  for (const follower of load.followers) {
    const { rows: counts } = await database.query(
      "SELECT count(*)::int FROM organization_event WHERE type = 'organization.updated' AND organization_id = $1",
      [follower.organizationId],
    );
    const cursors = await follower.count(counts[0].count);
    expect([cursors.length, new Set(cursors).size]).toEqual([counts[0].count, counts[0].count]);
  }
  await database.end();
  // No request waited for its deadline: those in flight ended when the new primary responded.
  expect([...load.codes]).toEqual(["UNAVAILABLE 503 5"]);
  if (LONGEST_GAP_MS) expect(gap).toBeLessThan(LONGEST_GAP_MS);
  expect((await fetch(`http://127.0.0.1:${service.port}/readyz`)).status).toBe(200);
});
