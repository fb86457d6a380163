import { commands } from "../../src/commands";
import { DEFAULT_RETENTION, type Retention } from "../../src/domain/retention";
import { mendCounters } from "../../src/jobs/mend-counters";
import { removeOldData } from "../../src/jobs/remove-old-data";
import type { Database } from "../../src/store/engine/database";
import { openDatabase } from "../../src/store/engine/open-database";
import { OpenReview } from "../support/access-review";
import { outcomeOf, silentLog, type TestOrganization, World } from "../support/world";

const DAY_MS = 86_400_000;
const LIMIT = 5_000;

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const remove = (kept: Partial<Retention>, database: Database = world.database) =>
  removeOldData({ ...world.replica(), database, retention: { ...DEFAULT_RETENTION, ...kept } });

/** The remaining rows of an organization in a table. */
const left = async (table: string, column: string, { id }: TestOrganization) =>
  (
    await world.query<{ value: string }>(
      `SELECT DISTINCT ${column}::text AS value FROM ${table} WHERE organization_id = $1 ORDER BY 1`,
      id,
    )
  ).map(({ value }) => value);
const invited = (acme: TestOrganization) => left("invitation", "email", acme);

/** A database that counts the rows that each statement deletes, and breaks after some of them. */
function observed(deleted: number[], breaksAfter = Number.POSITIVE_INFINITY): Database {
  const rows: Database["rows"] = async (statement, values) => {
    if (deleted.length >= breaksAfter) throw new Error("The process was killed.");
    const found = await world.database.rows(statement, values);
    if (statement.name.startsWith("delete-")) deleted.push(found.length);
    return found as never;
  };
  return Object.assign(Object.create(world.database) as Database, { rows });
}

test("an invitation is removed at the configured time after its end, and a pending one never", async () => {
  const acme = await world.organization();
  const other = await world.organization();
  const person = await world.person();
  const accepted = await acme.invite(person.email, "VIEWER");
  const [declined, canceled] = [await world.person(), "canceled@example.com"];
  const declinedId = await acme.invite(declined.email, "VIEWER");
  const canceledId = await acme.invite(canceled, "VIEWER");
  await acme.invite("expired@example.com", "VIEWER");
  await acme.invite("pending@example.com", "VIEWER");
  await other.invite("foreign@example.com", "VIEWER");
  world.clock.pass(DAY_MS);
  await person.run(commands.acceptInvitation, { invitationId: accepted });
  await declined.run(commands.declineInvitation, { invitationId: declinedId });
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: canceledId });
  await world.query(
    "UPDATE invitation SET status = 'EXPIRED', expires_at = $1 WHERE email IN ('expired@example.com', 'foreign@example.com')",
    new Date(world.clock.now().getTime() + 1),
  );
  world.clock.pass(30 * DAY_MS - 1);
  const all = await invited(acme);
  await remove({ invitations: 30 });
  expect(await invited(acme)).toEqual(all);
  world.clock.pass(1);
  await remove({ invitations: null });
  expect(await invited(acme)).toEqual(all);
  await remove({ invitations: 30 });
  expect(await invited(acme)).toEqual(["expired@example.com", "pending@example.com"]);
  expect(await invited(other)).toEqual(["foreign@example.com"]);
  world.clock.pass(1);
  await remove({ invitations: 30 });
  expect([await invited(acme), await invited(other)]).toEqual([["pending@example.com"], []]);
  const links =
    "SELECT FROM invitation_token t WHERE NOT EXISTS (SELECT FROM invitation i WHERE i.id = t.invitation_id)";
  expect(await world.query(links)).toEqual([]);
  // The counters are correct.
  const corrected: unknown[] = [];
  await mendCounters(world.replica(), { ...silentLog, error: (line: unknown) => corrected.push(line) } as never);
  expect(corrected).toEqual([]);
});

test("an invitation that a command has locked is not removed", async () => {
  const acme = await world.organization();
  await acme.invite("held@example.com", "VIEWER");
  await world.query("UPDATE invitation SET status = 'EXPIRED' WHERE organization_id = $1", acme.id);
  world.clock.pass(60 * DAY_MS);
  const runner = world.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query("SELECT FROM organization WHERE id = $1 FOR NO KEY UPDATE", [acme.id]);
  const impatient = await openDatabase(world.databaseUrl, { connections: 2, lanes: 0, lockTimeoutMs: 50 });
  await expect(remove({ invitations: 30 }, impatient)).rejects.toThrow("could not be removed");
  expect(await invited(acme)).toEqual(["held@example.com"]);
  await runner.rollbackTransaction();
  await runner.release();
  await impatient.close();
  await remove({ invitations: 30 });
  expect(await invited(acme)).toEqual([]);
});

test("usage and credit alerts are removed when their whole day has the configured age", async () => {
  const acme = await world.organization();
  const until = new Date(world.clock.now().getTime() - 100 * DAY_MS);
  const midnight = new Date(until.getTime() - (until.getTime() % DAY_MS));
  const dayBefore = new Date(midnight.getTime() - DAY_MS);
  for (const at of [new Date(midnight.getTime() - 1), midnight]) {
    await world.query("INSERT INTO usage_hour VALUES ($1, $2, $1, 1, 1, 0)", acme.id, at);
    await world.query("INSERT INTO credit_alert VALUES ($1, $2, 80)", acme.id, at);
  }
  for (const day of [dayBefore, midnight]) {
    await world.query("INSERT INTO usage_day VALUES ($1, $2, now(), 1)", acme.id, day.toISOString().slice(0, 10));
  }
  const dates = async () => [
    await left("usage_hour", "(hour AT TIME ZONE 'UTC')::date", acme),
    await left("usage_day", "day", acme),
    await left("credit_alert", "(period_start AT TIME ZONE 'UTC')::date", acme),
  ];
  const [older, younger] = [dayBefore, midnight].map((day) => day.toISOString().slice(0, 10));
  const both = [older, younger];
  await remove({});
  await remove({ usage: 101 });
  expect(await dates()).toEqual([both, both, both]);
  await remove({ usage: 100 });
  expect(await dates()).toEqual([[younger], [younger], [younger]]);
  world.clock.pass(DAY_MS - (until.getTime() % DAY_MS) - 1);
  await remove({ usage: 100 });
  expect(await dates()).toEqual([[younger], [younger], [younger]]);
  world.clock.pass(1);
  await remove({ usage: 100 });
  expect(await dates()).toEqual([[], [], []]);
});

test("a review is removed with its items at the configured time after completion, and an open one never", async () => {
  const [acme, other] = [await world.organization(), await world.organization()];
  const completed = await OpenReview.start(acme);
  world.clock.pass(DAY_MS);
  await completed.complete(acme.owner, "KEEP");
  const open = await OpenReview.start(acme);
  const foreign = await OpenReview.start(other);
  await other.owner.run(commands.cancelAccessReview, foreign.key);
  world.clock.pass(90 * DAY_MS - 1);
  await remove({ accessReviews: 90 });
  expect(await left("access_review", "id", acme)).toHaveLength(2);
  expect(await left("access_review", "id", other)).toEqual([foreign.id]);
  world.clock.pass(1);
  await remove({});
  expect(await left("access_review", "id", acme)).toHaveLength(2);
  await remove({ accessReviews: 90 });
  expect(await left("access_review", "id", acme)).toEqual([open.id]);
  expect(await left("access_review_item", "review_id", acme)).toEqual([open.id]);
  expect(await left("access_review", "id", other)).toEqual([]);
});

test("rows are removed in batches, and the next run continues an interrupted one", async () => {
  const acme = await world.organization();
  await world.query(
    `INSERT INTO usage_hour SELECT $1, timestamptz '2020-01-01' + n * interval '1 hour', $1, 1, 1, 0
     FROM generate_series(1, $2::int) n`,
    ...[acme.id, LIMIT + 1],
  );
  const [first, second]: number[][] = [[], []];
  await expect(remove({ usage: 100 }, observed(first ?? [], 1))).rejects.toThrow("could not be removed");
  expect(first).toEqual([LIMIT]);
  await remove({ usage: 100 }, observed(second ?? []));
  expect(second?.[0]).toBe(1);
  expect(await left("usage_hour", "hour", acme)).toEqual([]);
});

test("all pages of organizations are processed, and a failed page does not stop the next", async () => {
  const acme = await world.organization();
  await world.query(
    `INSERT INTO organization SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid()))).*
     FROM organization o, generate_series(1, 600) WHERE o.id = $1`,
    acme.id,
  );
  await world.query("INSERT INTO usage_day SELECT id, '2020-01-01', now(), 1 FROM organization");
  await remove({ usage: 100 });
  expect(await world.query("SELECT FROM usage_day WHERE day = '2020-01-01'")).toEqual([]);
  expect(await outcomeOf(acme.owner.run(commands.updateOrganization, { organizationId: acme.id, name: "New" }))).toBe(
    "ok",
  );
});
