import { createHash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { type Connection, EarlierReplica } from "../../test/support/earlier-replica";

/** The application name of the load's connections. */
export const LOAD = "earlier replica";
/** How many connections run each kind of request, with a pause after each request. */
const CONNECTIONS = { found: 4, change: 4, decide: 1, read: 4 } as const;
const PAUSE_MS = 10;
const SLOW_MS = 2_000;

export type Kind = "read" | "write";

/** Called after each statement, and after each whole request. */
export interface Observer {
  statement(kind: Kind, milliseconds: number): void;
  request(milliseconds: number): void;
  failure(error: unknown): void;
}

/** An id of `fillDatabase`, or of the rows that are added to it. */
function filledId(name: string): string {
  const digits = createHash("md5").update(name).digest("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const tokenOf = (organization: number): Buffer => createHash("sha256").update(`old link ${organization}`).digest();

/** Each runs one request for one of the organizations. */
const REQUESTS: Readonly<Record<Exclude<keyof typeof CONNECTIONS, "found">, Request>> = { change, decide, read };
type Request = (run: Run, organization: number) => Promise<void>;
type Run = (text: string, ...values: unknown[]) => Promise<unknown>;

/** Runs the requests of earlier replicas, on organizations that `fillDatabase` has created, until it is stopped. */
export class EarlierLoad {
  private isStopped = false;
  private readonly running: Array<Promise<void>> = [];

  constructor(
    private readonly url: string,
    private readonly organizations: number,
    private readonly observer: Observer,
  ) {}

  start(): void {
    for (const [name, connections] of Object.entries(CONNECTIONS)) {
      for (let n = 0; n < connections; n++) this.running.push(this.send(name as keyof typeof CONNECTIONS));
    }
    this.running.push(this.runSlowly());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
  }

  private async send(name: keyof typeof CONNECTIONS): Promise<void> {
    const client = await this.connect();
    const measured = this.measure(client, name === "read" ? "read" : "write");
    const replica = new EarlierReplica(measured);
    const run: Run = (text, ...values) => measured.query(text, values);
    while (!this.isStopped) {
      const startedAt = performance.now();
      const organization = Math.floor(Math.random() * this.organizations);
      await (name === "found" ? replica.write() : REQUESTS[name](run, organization)).catch(async (error: unknown) => {
        this.observer.failure(error);
        await client.query("ROLLBACK");
      });
      this.observer.request(performance.now() - startedAt);
      await setTimeout(PAUSE_MS);
    }
    await client.end();
  }

  /** A transaction of two seconds that has read and written, again and again. */
  private async runSlowly(): Promise<void> {
    const client = await this.connect();
    for (let round = 0; !this.isStopped; round++) {
      await client.query("BEGIN");
      await change((text, ...values) => client.query(text, values), round % this.organizations, { isWhole: false });
      await setTimeout(SLOW_MS);
      await client.query("COMMIT");
      await setTimeout(SLOW_MS);
    }
    await client.end();
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url, application_name: LOAD });
    await client.connect();
    return client;
  }

  /** Reads are prepared once, as on the service's connections. */
  private measure(client: Client, kind: Kind): Connection {
    const names = new Map<string, string>();
    return {
      query: async (text, values = []) => {
        const startedAt = performance.now();
        if (!names.has(text)) names.set(text, `s${names.size}`);
        const result = await client.query(kind === "read" ? { name: names.get(text), text, values } : { text, values });
        this.observer.statement(kind, performance.now() - startedAt);
        return result;
      },
    };
  }
}

// The statements below are those of the version before keys contained the organization.
async function change(run: Run, k: number, { isWhole = true } = {}): Promise<void> {
  const [id, member, workspace, old] = [`o${k}`, `m${k}:1`, `w${k}:1`, `old${k}`].map(filledId);
  const invitation = randomUUID();
  if (isWhole) await run("BEGIN");
  await run("SELECT id, name, event_sequence FROM organization WHERE id = $1 FOR NO KEY UPDATE", id);
  await run("UPDATE organization SET updated_at = now() WHERE id = $1", id);
  await run(
    `INSERT INTO invitation (id, organization_id, email, role, status, delivery, created_at, queued_at, send_number, expires_at)
     VALUES ($1, $2, $3, 'VIEWER', 'PENDING', 'QUEUED', now(), now(), 1, now() + interval '1 day')`,
    ...[invitation, id, `${invitation}@example.com`],
  );
  await run("INSERT INTO invitation_workspace (invitation_id, workspace_id) VALUES ($1, $2)", invitation, workspace);
  await run(
    `WITH gone AS (DELETE FROM invitation_token WHERE invitation_id = $2 RETURNING token_hash)
     INSERT INTO dead_link (token_hash, organization_id, invitation_id) SELECT token_hash, $1, $2 FROM gone
     ON CONFLICT (token_hash) DO NOTHING`,
    ...[id, old],
  );
  for (const each of [old, invitation]) {
    await run("INSERT INTO invitation_token (token_hash, invitation_id) VALUES ($1, $2)", randomBytes(32), each);
  }
  await run("UPDATE invitation SET last_sent_at = now() WHERE id = $1", old);
  await run("UPDATE member SET role = CASE role WHEN 'OWNER' THEN 'ADMIN' ELSE 'OWNER' END WHERE id = $1", member);
  await run(
    `INSERT INTO workspace_assignment AS a (organization_id, member_id, workspace_id, role_override)
     VALUES ($1, $2, $3, 'VIEWER') ON CONFLICT (workspace_id, member_id) DO UPDATE SET role_override = excluded.role_override`,
    ...[id, member, workspace],
  );
  if (isWhole) await run("COMMIT");
  const usage = [randomUUID(), id, workspace];
  await run(
    `INSERT INTO usage_ledger (id, month, organization_id, workspace_id, at, credits, byok)
     VALUES ($1, date_trunc('month', now())::date, $2, $3, now(), 1, false) ON CONFLICT DO NOTHING RETURNING id`,
    ...usage,
  );
}

/** Decides on an item of the large review. */
async function decide(run: Run): Promise<void> {
  await run(
    `UPDATE access_review_item SET decision = 'KEEP', decided_at = now() WHERE organization_id = $1 AND review_id = $2
     AND position = $3`,
    ...[filledId("o0"), filledId("r0"), Math.floor(Math.random() * 20_000)],
  );
}

async function read(run: Run, k: number): Promise<void> {
  const [id, workspace] = [`o${k}`, `w${k}:1`].map(filledId);
  const person = `scale|${k}|1`;
  await run(
    `SELECT i.id, i.organization_id AS "organizationId" FROM invitation_token t
     JOIN invitation i ON i.id = t.invitation_id WHERE t.token_hash = $1`,
    tokenOf(k),
  );
  await run(
    `SELECT i.organization_id AS "organizationId" FROM (
       SELECT invitation_id FROM invitation_token WHERE token_hash = $1
       UNION ALL SELECT invitation_id FROM dead_link WHERE token_hash = $1
     ) link JOIN invitation i ON i.id = link.invitation_id
     JOIN organization o ON o.id = i.organization_id AND o.deleted_at IS NULL LIMIT 1`,
    tokenOf(k),
  );
  await run(
    `SELECT m.id, m.role, u.name, s.plan_code, s.provider_customer_id FROM member m JOIN user_account u ON u.id = m.user_id
     JOIN organization_subscription s ON s.organization_id = m.organization_id
     WHERE m.organization_id = $1 AND m.user_id = $2`,
    ...[id, person],
  );
  await run(
    `SELECT o.id, o.name, v.role FROM member v JOIN organization o ON o.id = v.organization_id AND o.deleted_at IS NULL
     WHERE v.user_id = $1 ORDER BY o.personal_for_id IS DISTINCT FROM $1, v.joined_at, v.id LIMIT 50`,
    person,
  );
  await run(
    `SELECT w.id, w.name, a.role_override FROM workspace w
     LEFT JOIN member v ON v.organization_id = w.organization_id AND v.user_id = $1
     LEFT JOIN workspace_assignment a ON a.workspace_id = w.id AND a.member_id = v.id
     WHERE w.deleted_at IS NULL AND w.id = ANY ($2::uuid[])`,
    ...[person, [workspace]],
  );
  await run(
    "SELECT id, email, status FROM invitation WHERE organization_id = $1 ORDER BY created_at DESC LIMIT 50",
    id,
  );
  await run(
    "SELECT position, decision FROM access_review_item WHERE organization_id = $1 AND review_id = $2 ORDER BY position LIMIT 50",
    ...[filledId("o0"), filledId("r0")],
  );
}
