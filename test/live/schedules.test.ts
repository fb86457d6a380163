import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { type DevelopmentIssuer, openDevelopmentIssuer } from "../../src/embedded/development/development-issuer";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/embedded/postgres/start-postgres";
import { writeCursor } from "../../src/store/page";
import { DatabaseProxy } from "../support/database-proxy";
import { killLeftProcesses, ServiceProcess } from "../support/process";
import { connect, type Watching, watch } from "../support/watching";

// Random schedules against two processes that are killed, on a database that is restarted, while clients come and go.
// Afterwards each watcher must have seen what the event log holds, in order, once, and nothing after their right.
const SCHEDULES = Number(process.env.PROVE_SCHEDULES ?? 15);
const AT_ONCE = 10;
const STEPS = 14;
const DISASTER_EVERY = 40;

let directory: string;
let postgres: EmbeddedPostgres;
let proxy: DatabaseProxy;
let issuer: DevelopmentIssuer;
let environment: Record<string, string>;
const replicas: Array<ServiceProcess | null> = [null, null];
const random = mulberry32(20261124);

beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-schedules-"));
  fs.chmodSync(directory, 0o777);
  postgres = await startPostgres();
  proxy = await DatabaseProxy.open();
  issuer = await openDevelopmentIssuer(directory);
  environment = { DATABASE_URL: proxy.url(postgres.url), DATA_DIR: directory, SEED_DEMO: "false", LOG_LEVEL: "silent" };
  for (const index of replicas.keys()) replicas[index] = await ServiceProcess.start(environment);
}, 60_000);
afterAll(async () => {
  killLeftProcesses();
  proxy.close();
  await postgres.stop();
  fs.rmSync(directory, { recursive: true, force: true });
});

function startPostgres(): Promise<EmbeddedPostgres> {
  const settings = { fsync: "off", max_connections: "200" };
  return startEmbeddedPostgres({ directory: path.join(directory, "pg"), settings, report: () => undefined });
}

interface Person {
  id: string;
  email: string;
  token: string;
}
let people = 0;
async function person(): Promise<Person> {
  const id = `p${++people}`;
  const email = `${id}@example.com`;
  return { id, email, token: await issuer.issue({ id, email, emailVerified: true, name: id }, "6h") };
}

/** Asks one replica or the other until one answers; the key sees to it that there is one effect. */
async function ask(who: Person, query: string) {
  const key = crypto.randomUUID();
  for (;;) {
    const port = pick(replicas.filter((replica) => replica !== null))?.port ?? 1;
    try {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: "POST",
        signal: AbortSignal.timeout(5_000),
        headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": key },
        body: JSON.stringify({ query }),
      });
      const { data, errors } = (await response.json()) as {
        // biome-ignore lint/suspicious/noExplicitAny: whatever the document asked for
        data: any;
        errors?: Array<{ extensions: { code: string } }>;
      };
      if (!errors) return data;
      if (!["INTERNAL_SERVER_ERROR", "DEADLINE_EXCEEDED"].includes(errors[0]?.extensions.code ?? "")) return null;
    } catch {
      // Killed, restarting or cut off from the database: another try meets it later.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A client that watches, comes back wherever it can when it is cut off, and goes on after its last cursor. */
class Follower {
  readonly cursors: string[] = [];
  endedWith: string | null = null;
  private stream: (Watching & { stop(): void }) | null = null;
  private readonly followed: Promise<void>;
  private isDone = false;

  constructor(
    readonly who: Person,
    private readonly organizationId: string,
    private readonly start: string,
  ) {
    this.followed = this.follow();
  }

  disconnect(): void {
    this.stream?.stop();
  }

  async finish(): Promise<void> {
    this.isDone = true;
    this.disconnect();
    await this.followed;
  }

  private async follow(): Promise<void> {
    while (!this.isDone && !this.endedWith) {
      const port = pick(replicas.filter((replica) => replica !== null))?.port ?? 1;
      const client = connect(port, this.who.token);
      const after = this.cursors.at(-1) ?? this.start;
      const query = `subscription { invitationChanged(organizationId: "${this.organizationId}", after: "${after}") { cursor } }`;
      this.stream = watch(client, query);
      const told = await this.stream.over();
      for (const { data, errors } of told) {
        if (data) this.cursors.push(data.invitationChanged.cursor);
        const code = errors?.[0]?.extensions.code;
        if (code && code !== "INTERNAL_SERVER_ERROR") this.endedWith = code;
      }
      await client.dispose();
      if (!this.endedWith) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

interface Schedule {
  organizationId: string;
  followers: Follower[];
}

async function play(): Promise<Schedule> {
  const owner = await person();
  const created = await ask(
    owner,
    `mutation { createOrganization(input: { name: "S" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  const organizationId: string = created.createOrganization.organization.id;
  const of = `organizationId: "${organizationId}"`;
  await ask(owner, `mutation { changePlan(input: { ${of}, planCode: "ENTERPRISE" }) { __typename } }`);
  const start = writeCursor("events", organizationId, [0]);
  const followers = [new Follower(owner, organizationId, start)];
  const admins: Array<{ who: Person; memberId: string }> = [];
  const open: Array<{ invitationId: string; who: Person }> = [];
  const invite = async (role: string) => {
    const who = await person();
    const data = await ask(
      owner,
      `mutation { inviteMembers(input: { ${of}, emails: ["${who.email}"], role: ${role} }) {
        ... on InviteMembersSuccess { invitations { id } } } }`,
    );
    return { who, invitationId: data.inviteMembers.invitations[0].id as string };
  };
  const accept = async ({ who, invitationId }: { who: Person; invitationId: string }) => {
    const data = await ask(
      who,
      `mutation { acceptInvitation(input: { invitationId: "${invitationId}" }) {
        ... on AcceptInvitationSuccess { member { id } } } }`,
    );
    return data?.acceptInvitation?.member?.id as string | undefined;
  };
  const steps: Array<() => Promise<unknown>> = [
    async () => open.push(await invite("DEVELOPER")),
    async () => open.push(await invite("VIEWER")),
    async () => open.length > 0 && accept(open.shift() as (typeof open)[number]),
    async () => {
      const one = open.shift();
      return (
        one &&
        ask(
          owner,
          `mutation { cancelInvitation(input: { ${of}, invitationId: "${one.invitationId}" }) { __typename } }`,
        )
      );
    },
    async () => {
      const one = open.shift();
      return (
        one &&
        ask(one.who, `mutation { declineInvitation(input: { invitationId: "${one.invitationId}" }) { __typename } }`)
      );
    },
    async () => {
      const invited = await invite("ADMIN");
      const memberId = await accept(invited);
      if (!memberId) return;
      admins.push({ who: invited.who, memberId });
      followers.push(new Follower(invited.who, organizationId, start));
    },
    async () => {
      const admin = admins.shift();
      return (
        admin &&
        ask(
          owner,
          `mutation { changeMemberRole(input: { ${of}, memberId: "${admin.memberId}", role: VIEWER }) { __typename } }`,
        )
      );
    },
    async () => {
      const admin = admins.shift();
      return (
        admin && ask(owner, `mutation { removeMember(input: { ${of}, memberId: "${admin.memberId}" }) { __typename } }`)
      );
    },
    async () => pick(followers)?.disconnect(),
    async () => pick(followers)?.disconnect(),
  ];
  for (let step = 0; step < STEPS; step++) {
    await pick(steps)?.();
    if (random() < 1 / DISASTER_EVERY) await disaster();
  }
  return { organizationId, followers };
}

let isDisaster = false;
/** One replica is killed and started again, or the database is. One disaster at a time. */
async function disaster(): Promise<void> {
  if (isDisaster) return;
  isDisaster = true;
  try {
    if (random() < 0.3) {
      proxy.cut();
      await postgres.stop();
      postgres = await startPostgres();
      proxy.target = new URL(postgres.url);
    } else {
      const index = random() < 0.5 ? 0 : 1;
      const killed = replicas[index];
      replicas[index] = null;
      await killed?.end("SIGKILL");
      replicas[index] = await ServiceProcess.start(environment);
    }
  } finally {
    isDisaster = false;
  }
}

interface Logged {
  sequence: number;
  type: string;
  data: { userId?: string };
}

/** What is wrong with what a follower saw, or null. */
function judge({ who, cursors, endedWith }: Follower, organizationId: string, log: Logged[]): string | null {
  const joined = log.find(({ type, data }) => type === "member.joined" && data.userId === who.id)?.sequence ?? 0;
  const lost = log.find(
    ({ sequence, type, data }) =>
      sequence > joined && data.userId === who.id && ["member.removed", "member.role_changed"].includes(type),
  );
  const entitled = log.filter(
    ({ sequence, type }) => type.startsWith("invitation.") && sequence < (lost?.sequence ?? Infinity),
  );
  const expected = entitled.map(({ sequence }) => writeCursor("events", organizationId, [sequence]));
  const seen = lost ? expected.slice(0, cursors.length) : expected;
  if (JSON.stringify(cursors) !== JSON.stringify(seen)) {
    return `${who.id} saw ${cursors.length} of ${expected.length}, from ${cursors.findIndex((each, n) => each !== expected[n])} on others`;
  }
  if (lost && endedWith !== "FORBIDDEN" && endedWith !== "NOT_FOUND") return `${who.id} goes on without the right`;
  return !lost && endedWith ? `${who.id} was ended with ${endedWith}` : null;
}

test(`${SCHEDULES} random schedules: every watcher saw the log, in order, once, and nothing after their right`, async () => {
  const wrong: string[] = [];
  let watchers = 0;
  const worker = async () => {
    while (started < SCHEDULES) {
      started += 1;
      const { organizationId, followers } = await play();
      const log = await settled(organizationId, followers);
      for (const follower of followers) {
        await follower.finish();
        watchers += 1;
        const verdict = judge(follower, organizationId, log);
        if (verdict) wrong.push(verdict);
      }
    }
  };
  let started = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(wrong).toEqual([]);
  expect(watchers).toBeGreaterThan(SCHEDULES);
});

/** The log once every mail's outcome is in it and every follower has seen it all, or was ended. */
async function settled(organizationId: string, followers: Follower[]): Promise<Logged[]> {
  const until = performance.now() + 60_000;
  for (;;) {
    const log = await logOf(organizationId).catch(() => []);
    const waiting =
      log.filter(({ type }) => type === "invitation.created").length > 0 && (await unsent(organizationId));
    const last = log.findLast(({ type }) => type.startsWith("invitation."));
    const cursor = last && writeCursor("events", organizationId, [last.sequence]);
    const isDone = followers.every(({ cursors, endedWith }) => endedWith || cursors.at(-1) === cursor);
    if ((log.length > 0 && !waiting && isDone) || performance.now() > until) return log;
    await new Promise((resolve) => setTimeout(resolve, 50));
    // What a follower holds is known when its stream ends: it is asked to come back.
    for (const follower of followers) follower.disconnect();
  }
}

async function query<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: environment.DATABASE_URL });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

const logOf = (id: string) =>
  query<Logged>("SELECT sequence, type, data FROM organization_event WHERE organization_id = $1 ORDER BY sequence", id);

async function unsent(id: string): Promise<boolean> {
  const text = "SELECT 1 FROM invitation WHERE organization_id = $1 AND delivery = 'QUEUED' AND status = 'PENDING'";
  return (await query(text, id).catch(() => [1])).length > 0;
}

function pick<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** A small generator of repeatable randomness. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
