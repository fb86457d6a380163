import { commands } from "../../src/commands";
import { sweepLeftovers } from "../../src/jobs/sweep";
import type { Database } from "../../src/store/engine/database";
import { completionEvent } from "../../src/store/events/completion-event";
import { hashOf } from "../../src/store/events/event-log";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { auditTotal } from "../../src/store/views/audit-log";
import { OpenReview } from "../support/access-review";
import { EventWriter } from "../support/event-writer";
import { type TestOrganization, World } from "../support/world";
import { DAY_MS, eventsOf, headOf, KEPT_MS, removeEvents, rename, sequencesOf, verify } from "./support";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const NO_FILTER = { types: null, actorId: null, workspaceId: null, since: null, until: null };

/** Makes all earlier events old, and then writes a young one. */
async function grow(acme: TestOrganization): Promise<void> {
  world.clock.pass(KEPT_MS);
  await rename(acme, `Acme ${world.clock.now().getTime()}`);
}

test("an event is removed at the configured age, and the rest of the log can still be verified", async () => {
  const acme = await world.organization();
  const other = await world.organization();
  await rename(acme, "Old");
  const old = await headOf(world, acme);
  world.clock.pass(1);
  await rename(acme, "Young");
  await rename(acme, "Newest");
  const all = await sequencesOf(world, acme);
  const others = await sequencesOf(world, other);
  world.clock.pass(KEPT_MS - 2);
  await removeEvents(world);
  expect(await sequencesOf(world, acme)).toEqual(all);
  expect(await verify(world, acme)).toEqual({ ok: true, events: all.length, removed: 0 });
  world.clock.pass(1);
  await removeEvents(world);
  const left = await eventsOf(world, acme);
  // The members at the start of the rest of the log are still known.
  expect(left.filter(({ sequence }) => sequence <= old).map(({ type }) => type)).toEqual(["member.joined"]);
  expect(left.slice(1).map(({ sequence }) => sequence)).toEqual([old + 1, old + 2]);
  expect(await verify(world, acme)).toEqual({ ok: true, events: 3, removed: old - 1 });
  expect(await auditTotal(world.database, acme.id, NO_FILTER)).toBe(3);
  expect((await sequencesOf(world, other)).at(-1)).toBe(others.at(-1));
  expect(await verify(world, other)).toMatchObject({ ok: true });
});

test("the newest event stays, however old, and the log continues after it", async () => {
  const acme = await world.organization();
  const head = await headOf(world, acme);
  world.clock.pass(10 * KEPT_MS);
  await removeEvents(world);
  await removeEvents(world);
  expect((await sequencesOf(world, acme)).at(-1)).toBe(head);
  await rename(acme, "Again");
  expect((await sequencesOf(world, acme)).at(-1)).toBe(head + 1);
  expect(await verify(world, acme)).toMatchObject({ ok: true });
  world.clock.pass(KEPT_MS);
  await removeEvents(world);
  expect(await sequencesOf(world, acme)).toEqual([expect.any(Number), head + 1]);
  expect(await verify(world, acme)).toMatchObject({ ok: true, events: 2 });
});

test("verification finds changed, missing and forged events around removed ones", async () => {
  const acme = await world.organization();
  await rename(acme, "Old");
  await grow(acme);
  await rename(acme, "Newest");
  await removeEvents(world);
  expect(await verify(world, acme)).toMatchObject({ ok: true });
  const head = await headOf(world, acme);
  const damage = async (statement: string) => {
    const runner = world.database.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(statement, [acme.id]);
    const reader = {
      rows: (each: { text: string }, values: readonly unknown[]) => runner.query(each.text, [...values]),
    };
    const found = await verifyAuditLog(reader as never, acme.id);
    await runner.rollbackTransaction();
    await runner.release();
    return found;
  };
  const OF = "WHERE organization_id = $1";
  for (const statement of [
    `UPDATE removed_event_range SET last_hash = sha256('x') ${OF}`,
    `DELETE FROM removed_event_range ${OF}`,
    `DELETE FROM organization_event ${OF} AND sequence = ${head - 1}`,
    `DELETE FROM organization_event ${OF} AND sequence = ${head}`,
    `DELETE FROM organization_event ${OF} AND type = 'member.joined'`,
    `UPDATE organization_event SET summary = 'x' ${OF} AND sequence = ${head - 1}`,
    `UPDATE removed_event_range SET last_sequence = last_sequence + 1 ${OF}`,
  ]) {
    expect([statement, await damage(statement)]).toEqual([statement, expect.objectContaining({ ok: false })]);
  }
});

test("the event of a stored review stays, and its hash can be computed", async () => {
  const acme = await world.organization();
  const review = await OpenReview.start(acme);
  await review.complete(acme.owner, "KEEP");
  const key = { organizationId: acme.id, id: review.id };
  await grow(acme);
  await removeEvents(world);
  const event = await completionEvent(world.database, key);
  if (!event) throw new Error("The event is gone.");
  expect(hashOf(event, Buffer.from(event.previousHash ?? "", "hex")).toString("hex")).toBe(event.hash);
  expect(await verify(world, acme)).toMatchObject({ ok: true });
  const other = await OpenReview.start(acme);
  await other.complete(acme.owner, "KEEP");
  await world.query("DELETE FROM access_review WHERE id = $1", review.id);
  await grow(acme);
  await removeEvents(world);
  expect(await completionEvent(world.database, key)).toBeNull();
  expect(await completionEvent(world.database, { ...key, id: other.id })).not.toBeNull();
  expect(await verify(world, acme)).toMatchObject({ ok: true });
});

test("of the events of an AWS key, the current sealing and the saving of the key stay", async () => {
  const acme = await world.organization();
  const writer = await EventWriter.connect(world.databaseUrl);
  const types = [
    "byok.configured",
    "byok.resealed",
    "byok.rotated",
    "byok.verified",
    "byok.resealed",
    "byok.resealed",
  ] as const;
  for (const type of types) await writer.append(acme.id, 1, type);
  const age = () =>
    world.query(
      "UPDATE organization_event SET occurred_at = $2 WHERE organization_id = $1 AND type LIKE 'byok.%'",
      ...[acme.id, new Date(world.clock.now().getTime() - KEPT_MS)],
    );
  const left = async () =>
    (await eventsOf(world, acme)).flatMap(({ sequence, type }) => (type.startsWith("byok.") ? [[sequence, type]] : []));
  const all = await left();
  await age();
  await grow(acme);
  await removeEvents(world);
  expect(await left()).toEqual([all[2], all[5]]);
  await writer.append(acme.id, 1, "byok.removed");
  await age();
  await grow(acme);
  await removeEvents(world);
  expect((await left()).map(([, type]) => type)).toEqual(["byok.removed"]);
  await writer.close();
});

/** A database whose transactions break after some batches. */
function breaking(after: number): Database {
  let batches = 0;
  const { dataSource } = world.database;
  const fragile = Object.assign(Object.create(dataSource), {
    createQueryRunner: () => {
      if (batches++ >= after) throw new Error("The process was killed.");
      return dataSource.createQueryRunner();
    },
  });
  return Object.create(world.database, { dataSource: { value: fragile } }) as Database;
}

test("a long log is removed in batches; after an interruption the rest can be verified, and the next run continues", async () => {
  const acme = await world.organization();
  for (let n = 0; n < 3; n++) await rename(acme, `N${n}`);
  const writer = await EventWriter.connect(world.databaseUrl);
  const before = await headOf(world, acme);
  await writer.append(acme.id, 2_500);
  await writer.close();
  await world.query("UPDATE organization_event SET occurred_at = '2020-01-01' WHERE organization_id = $1", acme.id);
  expect(before).toBeGreaterThan(3);
  const left = async () => (await sequencesOf(world, acme)).length;
  const all = await left();
  const sizes: number[] = [];
  for (const cut of [1, 1]) {
    const failed = removeEvents(world, breaking(cut));
    await expect(failed).rejects.toThrow("could not be removed");
    sizes.push(await left());
  }
  await removeEvents(world);
  sizes.push(await left());
  const [first = 0, second = 0, last] = sizes;
  expect(all - first).toBeLessThanOrEqual(1_000);
  expect(first - second).toBeLessThanOrEqual(1_000);
  expect(second).toBeGreaterThan(2);
  // The joining of the Owner, and the newest event.
  expect(last).toBe(2);
  const ranges = "SELECT first_sequence, last_sequence FROM removed_event_range WHERE organization_id = $1 ORDER BY 1";
  expect(await world.query(ranges, acme.id)).toHaveLength(2);
});

test("the purge of an organization removes the records about removed events", async () => {
  const acme = await world.organization();
  await rename(acme, "Old");
  await grow(acme);
  await removeEvents(world);
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: await nameOf(acme) });
  world.clock.pass(30 * DAY_MS);
  await sweepLeftovers(world.replica());
  for (const table of ["removed_event_range", "event_removal", "organization_event"]) {
    expect(await world.query(`SELECT FROM ${table} WHERE organization_id = $1`, acme.id)).toEqual([]);
  }
});

async function nameOf({ id }: TestOrganization): Promise<string> {
  return (await world.query<{ name: string }>("SELECT name FROM organization WHERE id = $1", id))[0]?.name ?? "";
}
