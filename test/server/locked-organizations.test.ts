import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { App } from "../../src/app";
import { sweepInvitations } from "../../src/jobs/sweep";
import { asTransaction } from "../../src/store/engine/single-statement";
import { insertUsage } from "../../src/store/usage";
import { type Ask, type Person, RunningService } from "../support/service";

const POOL = 6;
const LOCKED = 40;
/** More than the pool has connections. */
const METERED = POOL + 2;

let service: RunningService;
let holder: Client;
let looker: Client;
let holderPid: number;
beforeAll(async () => {
  service = await RunningService.start({ DATABASE_POOL_SIZE: String(POOL), LOCK_TIMEOUT_MS: "2000" }, { jobs: false });
  holder = new Client({ connectionString: service.databaseUrl });
  looker = new Client({ connectionString: service.databaseUrl });
  await Promise.all([holder.connect(), looker.connect()]);
  holderPid = (await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
});
afterAll(async () => {
  await Promise.all([holder.end(), looker.end()]);
  await service.stop();
});

type Owner = Person & { organization: string };

const people = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => owner(`P${n}`)));

async function owner(name: string): Promise<Owner> {
  const person = await service.person(name);
  const { data } = await person.ask("{ viewer { memberships { organization { id } } } }");
  return { ...person, organization: data.viewer.memberships[0].organization.id };
}

const rename = ({ ask, organization }: Owner, name: string, key?: string) =>
  ask(
    `mutation { updateOrganization(input: { organizationId: "${organization}", name: "${name}" }) {
      ... on UpdateOrganizationSuccess { organization { name } } } }`,
    {},
    key === undefined ? {} : { "idempotency-key": key },
  );

const lock = async (ids: readonly string[]) => {
  await holder.query("BEGIN");
  await holder.query("SELECT id FROM organization WHERE id = ANY ($1) ORDER BY id FOR UPDATE", [ids]);
};

/**
 * The number of the service's connections that wait for a row locked by the holder. Other waits do not count, such as a
 * commit with a notification that waits for an earlier one.
 */
async function waiting(): Promise<number> {
  const { rowCount } = await looker.query(
    `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
      AND application_name = 'organizations' AND $1 = ANY (pg_blocking_pids(pid))`,
    [holderPid],
  );
  return rowCount ?? 0;
}

test("requests for 40 locked organizations are refused after the time limit, use at most half the pool, and do not stop others", async () => {
  const [locked, others] = [await people(LOCKED), await people(10)];
  await lock(locked.map(({ organization }) => organization));
  let isOver = false;
  const refused = Promise.all(locked.map((person, n) => rename(person, "Late", n % 2 ? `k${n}` : undefined)));
  refused.then(() => {
    isOver = true;
  });
  let most = 0;
  let served = 0;
  const looking = (async () => {
    while (!isOver) most = Math.max(most, await waiting());
  })();
  while (!isOver) {
    for (const { data } of await Promise.all(others.map((person) => rename(person, `N${served}`))))
      if (data.updateOrganization.organization) served += 1;
  }
  await looking;
  await holder.query("ROLLBACK");
  const codes = (await refused).map(({ errors }) => errors?.[0]?.extensions);
  expect(codes).toEqual(locked.map(() => ({ code: "RATE_LIMITED", retryAfterSeconds: 2 })));
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(POOL / 2);
  // All other requests were executed while the locked ones waited.
  expect(served).toBeGreaterThanOrEqual(others.length);
  expect((await rename(locked[0] as Owner, "Free")).data.updateOrganization.organization).toEqual({
    name: "Free",
  });
});

const RECORD = `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) {
  ... on RecordUsageSuccess { recorded } } }`;

/** Has one call of an organization recorded; returns the code of the error, or null. */
async function meter(ask: Ask, workspaceId: string): Promise<string | null> {
  const record = { id: randomUUID(), workspaceId, at: new Date().toISOString(), credits: 1 };
  const { data, errors } = await ask(RECORD, { records: [record] });
  if (data?.recordUsage) expect(data.recordUsage).toEqual({ recorded: 1 });
  return errors?.[0]?.extensions?.code ?? null;
}

async function workspaceOf({ ask, organization }: Owner): Promise<string> {
  const { data } = await ask(`{ organization(id: "${organization}") { workspaces { nodes { id } } } }`);
  return data.organization.workspaces.nodes[0].id;
}

const lockCounters = async (owners: readonly Owner[]) => {
  await holder.query("BEGIN");
  const ids = owners.map(({ organization }) => organization);
  await holder.query("SELECT FROM usage_hour WHERE organization_id = ANY ($1) FOR UPDATE", [ids]);
};

test("usage of organizations whose counters are locked is refused after the time limit, and that of others is recorded", async () => {
  const ask = await service.service("usage:write");
  const [locked, others] = [await people(METERED), await people(4)];
  const ofLocked = await Promise.all(locked.map(workspaceOf));
  const ofOthers = await Promise.all(others.map(workspaceOf));
  for (const workspaceId of [...ofLocked, ...ofOthers]) expect(await meter(ask, workspaceId)).toBeNull();
  await lockCounters(locked);
  let isOver = false;
  const refused = Promise.all(ofLocked.map((workspaceId) => meter(ask, workspaceId)));
  refused.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const codes = await Promise.all(ofOthers.map((workspaceId) => meter(ask, workspaceId)));
    expect(codes).toEqual(ofOthers.map(() => null));
  }
  expect(await refused).toEqual(ofLocked.map(() => "RATE_LIMITED"));
  await holder.query("ROLLBACK");
  for (const workspaceId of ofLocked) expect(await meter(ask, workspaceId)).toBeNull();
});

describe("with a lock timeout that never passes", () => {
  let patient: App;
  beforeAll(async () => {
    patient = await service.replica({ DATABASE_POOL_SIZE: String(POOL), LOCK_TIMEOUT_MS: "60000" });
  });

  test("a request waits for a lock until it is released, even if the places for waiting requests are taken", async () => {
    const locked = (await people(POOL)).map((person) => ({ ...person, ask: service.ask(person.token, patient) }));
    await lock(locked.map(({ organization }) => organization));
    const changes = locked.map((person) => rename(person, "In time"));
    while ((await waiting()) < POOL / 2);
    await holder.query("COMMIT");
    for (const { data } of await Promise.all(changes))
      expect(data.updateOrganization.organization.name).toBe("In time");
  });

  test("usage in one statement with that of locked organizations is recorded at once, even if more of these wait than the pool has connections", async () => {
    const ask = await service.service("usage:write");
    const [locked, free] = [await people(METERED), await people(3)];
    const workspaces = await Promise.all([...free, ...locked].map(workspaceOf));
    for (const workspaceId of workspaces) expect(await meter(ask, workspaceId)).toBeNull();
    await lockCounters(locked);
    const { database } = patient.services;
    const record = (workspaceId: string) => {
      const call = { id: randomUUID(), workspaceId, at: new Date(), credits: 1, byok: false };
      return insertUsage(asTransaction(database), [call], new Date());
    };
    const [one = "", other = "", third = "", ...ofLocked] = workspaces;
    // Two statements run at once. What is sent meanwhile goes into the next one together.
    const early = [record(one), record(other)];
    let waits = METERED;
    const late = ofLocked.map((workspaceId) => record(workspaceId).finally(() => waits--));
    for (const recorded of await Promise.all([...early, record(third)])) expect(recorded.recorded).toBe(1);
    expect((await record(one)).recorded).toBe(1);
    expect(waits).toBe(METERED);
    await holder.query("ROLLBACK");
    for (const { recorded } of await Promise.all(late)) expect(recorded).toBe(1);
  });
});

test("a job skips a locked organization and processes the others", async () => {
  const owners = await people(2);
  const ids = owners.map(({ organization }) => organization);
  const invite = async ({ ask, organization }: Owner) => {
    await ask(
      `mutation { changePlan(input: { organizationId: "${organization}", planCode: "ADVANCED" }) { __typename } }`,
    );
    await ask(
      `mutation { inviteMembers(input: { organizationId: "${organization}", emails: ["x@example.com"], role: VIEWER }) { __typename } }`,
    );
  };
  await Promise.all(owners.map(invite));
  await looker.query("UPDATE invitation SET expires_at = now() - interval '1 s' WHERE organization_id = ANY ($1)", [
    ids,
  ]);
  const states = async () =>
    (await looker.query("SELECT status FROM invitation WHERE organization_id = ANY ($1) ORDER BY status", [ids])).rows;
  for (const id of ids) {
    await lock([id]);
    await expect(sweepInvitations(service.app.services)).rejects.toThrow();
    await holder.query("ROLLBACK");
    expect((await states()).map(({ status }) => status)).toContain("EXPIRED");
    await looker.query("UPDATE invitation SET status = 'PENDING' WHERE organization_id = ANY ($1)", [ids]);
  }
});
