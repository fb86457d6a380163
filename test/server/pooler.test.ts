import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { App } from "../../src/app";
import { Deadline } from "../../src/store/engine/deadline";
import { assertUsable } from "../../src/store/engine/migrate";
import { invite, organization } from "../support/live-organization";
import { hasPooler, Pooler } from "../support/pooler";
import { RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

const CREATED = `subscription($id: ID!) { invitationChanged(organizationId: $id) { change invitation { email } } }`;

const through = hasPooler ? describe : describe.skip;

through("behind PgBouncer in transaction mode, with fewer server connections than the service has", () => {
  let service: RunningService;
  let pooler: Pooler;
  let other: App;
  let looker: Client;
  beforeAll(async () => {
    service = await RunningService.start({}, { jobs: false });
    pooler = await Pooler.start(service.databaseUrl, { serverConnections: 3 });
    const variables = {
      DATABASE_URL: pooler.url(service.databaseUrl),
      DATABASE_DIRECT_URL: service.databaseUrl,
      DATABASE_NAMED_STATEMENTS: "false",
      OPERATION_DEADLINE_MS: "60000",
      LOCK_TIMEOUT_MS: "1000",
    };
    other = await service.replica(variables);
    looker = new Client({ connectionString: service.databaseUrl });
    await looker.connect();
  });
  afterAll(async () => {
    await looker.end();
    await service.stop();
    await pooler.stop();
  });

  const ask = (token: string, query: string, key?: string) =>
    service.ask(token, other)(query, {}, key === undefined ? {} : { "idempotency-key": key });

  test("many simultaneous requests succeed: reads, changes, repeats, usage and dry runs", async () => {
    const owners = await Promise.all(Array.from({ length: 12 }, (_, n) => service.person(`P${n}`)));
    await Promise.all(
      owners.map(async ({ token }) => {
        const create =
          'mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id workspaces { nodes { id } } } } } }';
        const first = await ask(token, create, "k");
        expect(first.errors).toBeUndefined();
        expect((await ask(token, create, "k")).data).toEqual(first.data);
        const { id, workspaces } = first.data.createOrganization.organization;
        const usage = await service.issuer.issueForService("metering", ["usage:write"]);
        const record = `mutation { recordUsage(input: { records: [{ id: "${randomUUID()}", workspaceId: "${workspaces.nodes[0].id}", at: "${new Date().toISOString()}", credits: 1 }] }) { ... on RecordUsageSuccess { recorded duplicates } } }`;
        expect((await ask(usage, record)).data.recordUsage).toEqual({ recorded: 1, duplicates: 0 });
        expect((await ask(usage, record)).data.recordUsage).toEqual({ recorded: 0, duplicates: 1 });
        const page = await ask(token, `{ organization(id: "${id}") { name members { totalCount nodes { role } } } }`);
        expect(page.errors).toBeUndefined();
        expect(page.data.organization.members).toEqual({ totalCount: 1, nodes: [{ role: "OWNER" }] });
      }),
    );
  });

  test("live streams deliver changes of this replica and of another one", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const subscription = subscribeBySocket(connect(other.port, owner.token), CREATED, { id });
    while (other.live.size === 0) await new Promise((resolve) => setImmediate(resolve));
    await invite(owner, id, "direct@example.com");
    await ask(
      owner.token,
      `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["pooled@example.com"], role: VIEWER }) { __typename } }`,
    );
    // The first replica runs no jobs. The other one sends both e-mails, and each writes an event.
    const received = (await subscription.count(4)).map(({ data }) => data.invitationChanged);
    const changesOf = (email: string) =>
      received.filter(({ invitation }) => invitation.email === email).map(({ change }) => change);
    expect(changesOf("direct@example.com")).toEqual(["CREATED", "SENT"]);
    expect(changesOf("pooled@example.com")).toEqual(["CREATED", "SENT"]);
  });

  test("PostgreSQL cancels a statement at its deadline, and no other statement", async () => {
    const { database } = other.services;
    const others = [1, 2].map(() => database.rows({ name: "slow", text: "SELECT pg_sleep(1)" }, []));
    const cancelled = database
      .withDeadline(new Deadline(300))
      .rows({ name: "slower", text: "SELECT pg_sleep(3600)" }, []);
    await expect(cancelled).rejects.toMatchObject({ code: "57014" });
    // The server reports the error before its new state.
    const running = "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)' AND state = 'active'";
    while ((await looker.query(running)).rowCount !== 0);
    for (const rows of await Promise.all(others)) expect(rows).toHaveLength(1);
  });

  test("a request for a locked organization is refused in time", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
    await holder.query("BEGIN");
    await holder.query("SELECT FROM organization WHERE id = $1 FOR UPDATE", [id]);
    const rename = `mutation { updateOrganization(input: { organizationId: "${id}", name: "Late" }) { __typename } }`;
    expect((await ask(owner.token, rename)).errors?.[0]?.extensions.code).toBe("RATE_LIMITED");
    await holder.end();
    expect((await ask(owner.token, rename)).errors).toBeUndefined();
  });

  test("no setting and no session lock remains on a server connection", async () => {
    const client = new Client({ connectionString: pooler.url(service.databaseUrl) });
    await client.connect();
    const settings = ["plan_cache_mode", "enable_seqscan", "jit", "lock_timeout", "statement_timeout"];
    const select = settings.map((name) => `current_setting('${name}')`).join(" || ',' || ");
    const [pooled, direct] = await Promise.all([
      client.query(`SELECT ${select} AS all`),
      looker.query(`SELECT ${select} AS all`),
    ]);
    expect(pooled.rows).toEqual(direct.rows);
    await client.end();
    const locks =
      "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    expect((await looker.query(locks)).rowCount).toBe(0);
  });

  test("the pooler's address without a direct one is refused with the name of the missing variable", async () => {
    await expect(assertUsable(pooler.url(service.databaseUrl))).rejects.toThrow(/pooler.*DATABASE_DIRECT_URL/);
  });
});

test("PgBouncer is there where it is required", () => {
  if (process.env.REQUIRE_PGBOUNCER !== undefined) expect(hasPooler).toBe(true);
});
