import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { killRemainingProcesses, ServiceProcess } from "../support/process";
import { cloneDatabase } from "../support/template-database";

const RECORDS = Number(process.env.PROVE_RECORDS ?? 1_000);
const KILLS = Number(process.env.PROVE_KILLS ?? 1);
const MOST_DELIVERIES = 5;
const SENDERS = 4;
const BATCH = 500;
const MICROS = 1_000_000;
const DAY = 86_400_000;
const RETRYABLE = ["RATE_LIMITED", "UNAVAILABLE", "DEADLINE_EXCEEDED"];

afterEach(killRemainingProcesses);

interface Sent {
  id: string;
  workspaceId: string;
  at: string;
  credits: number;
  byok: boolean;
}

const pick = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;

function shuffle<Item>(items: Item[]): Item[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other] as Item, items[index] as Item];
  }
  return items;
}

/** Each record up to five times, in random order and batches; a batch can contain a record twice. */
function deliveriesOf(records: readonly Sent[]): Sent[][] {
  const copies = shuffle(records.flatMap((each) => Array(1 + Math.floor(Math.random() * MOST_DELIVERIES)).fill(each)));
  return Array.from({ length: Math.ceil(copies.length / BATCH) }, (_, n) => copies.slice(n * BATCH, (n + 1) * BATCH));
}

/** A server that is killed and restarted while senders repeat each request until it gets a response. */
class MortalService {
  private current: Promise<ServiceProcess>;
  answered = 0;

  constructor(private readonly environment: Record<string, string>) {
    this.current = ServiceProcess.start(environment);
  }

  async ask(token: string, query: string, variables: object = {}) {
    for (;;) {
      const service = await this.current;
      const answer = await service.ask(token, query, variables).catch(() => null);
      // A killed process may hold its locks for a moment longer. The caller repeats a request that was refused for it.
      if (!answer || answer.errors?.some(({ extensions }) => RETRYABLE.includes(extensions?.code ?? ""))) continue;
      this.answered += 1;
      return answer;
    }
  }

  /** Kills it at a random moment. */
  async killAndRestart(): Promise<void> {
    const service = await this.current;
    this.current = service.end("SIGKILL").then(() => ServiceProcess.start(this.environment));
    await this.current;
  }

  async stop(): Promise<void> {
    await (await this.current).end("SIGTERM");
  }
}

test(`${RECORDS} records, each delivered up to five times, shuffled, count once through ${KILLS} kills of the server`, async () => {
  const { url, drop } = await cloneDatabase();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-usage-"));
  const issuer = await openDevelopmentIssuer(directory);
  const service = new MortalService({ DATABASE_URL: url, DATA_DIR: directory, LOG_LEVEL: "silent" });
  const owner = await issuer.issue({ id: "olga", email: "olga@example.com", emailVerified: true, name: "Olga" });
  const meter = await issuer.issueForService("meter", ["usage:write"]);
  const mine = "{ viewer { memberships { organization { id workspaces { nodes { id } } } } } }";
  const { data } = await service.ask(owner, mine);
  const { id, workspaces } = data.viewer.memberships[0].organization;
  const change = `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`;
  await service.ask(owner, change);
  const create = (name: string) =>
    service.ask(
      owner,
      `mutation { createWorkspace(input: { organizationId: "${id}", name: "${name}", cloudProvider: AWS }) {
        ... on CreateWorkspaceSuccess { workspace { id } } } }`,
    );
  const workspaceIds: string[] = [workspaces.nodes[0].id];
  for (const name of ["Two", "Three"]) workspaceIds.push((await create(name)).data.createWorkspace.workspace.id);

  const now = Date.now();
  const records = Array.from({ length: RECORDS }, (_, n) => ({
    id: n % 3 ? randomUUID() : `call ${n}`,
    workspaceId: pick(workspaceIds),
    at: new Date(now - Math.floor(Math.random() * 34 * DAY)).toISOString(),
    credits: Math.floor(Math.random() * MICROS) / MICROS,
    byok: n % 10 === 0,
  }));
  const deliveries = deliveriesOf(records);
  const total = deliveries.length;
  const record = `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) {
    ... on RecordUsageSuccess { recorded duplicates rejected { id } } } }`;
  const before = service.answered;
  let killed = 0;
  const send = async () => {
    for (let batch = deliveries.pop(); batch; batch = deliveries.pop()) {
      const answer = await service.ask(meter, record, { records: batch });
      expect(answer.data.recordUsage.rejected).toEqual([]);
      const isDue = service.answered - before >= ((killed + 1) * total) / (KILLS + 1);
      if (!isDue || killed >= KILLS) continue;
      killed += 1;
      await service.killAndRestart();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  expect(killed).toBe(KILLS);

  const [from, to] = [new Date(now - 35 * DAY).toISOString(), new Date(now).toISOString()];
  const query = `{ organization(id: "${id}") { subscription { usage {
    trend(from: "${from}", to: "${to}", interval: HOUR) { credits calls byokCalls }
    byWorkspace(from: "${from}", to: "${to}") { workspace { id } credits calls byokCalls } } } } }`;
  const { usage } = (await service.ask(owner, query)).data.organization.subscription;
  expect(sumOf(usage.trend)).toEqual(sumOf(records.map(counted)));
  for (const workspaceId of workspaceIds) {
    const [found] = usage.byWorkspace.filter(
      (each: { workspace: { id: string } }) => each.workspace.id === workspaceId,
    );
    expect(sumOf([found])).toEqual(sumOf(records.filter((each) => each.workspaceId === workspaceId).map(counted)));
  }
  await service.stop();
  await drop();
  fs.rmSync(directory, { recursive: true, force: true });
}, 600_000);

interface Counted {
  credits: number;
  calls: number;
  byokCalls: number;
}

function counted({ credits, byok }: Sent): Counted {
  return { credits: byok ? 0 : credits, calls: 1, byokCalls: byok ? 1 : 0 };
}

/** Exact, because the credits of this test are whole millionths. */
function sumOf(parts: readonly Counted[]): Counted {
  return parts.reduce(
    (sum, { credits, calls, byokCalls }) => ({
      credits: sum.credits + Math.round(credits * MICROS),
      calls: sum.calls + calls,
      byokCalls: sum.byokCalls + byokCalls,
    }),
    { credits: 0, calls: 0, byokCalls: 0 },
  );
}
