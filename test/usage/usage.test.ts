import { randomUUID } from "node:crypto";
import { dropUsagePartitions } from "../../src/store/usage-partitions";
import { join } from "../support/live-organization";
import type { Ask, RunningService } from "../support/service";
import { ago, DAY, MeteredService, RECORD, usageOf } from "./support/metered-service";

let metered: MeteredService;
let service: RunningService;
let gatewayAsk: Ask;
beforeAll(async () => {
  metered = await MeteredService.start();
  ({ service } = metered);
  gatewayAsk = await service.service("credentials:read");
});
afterAll(() => service.stop());

const HOUR = 3_600_000;

test("each record counts once by its id, and each invalid record is reported", async () => {
  const { owner, id, workspaceId } = await metered.organization();
  const once = randomUUID();
  expect(
    await metered.record({ id: once, workspaceId, credits: 0.1 }, { id: "a-call", workspaceId, credits: 0.2 }),
  ).toEqual({
    recorded: 2,
    duplicates: 0,
    rejected: [],
  });
  const again = await metered.record(
    { id: once, workspaceId, credits: 9 },
    { id: once.toUpperCase(), workspaceId, credits: 9, at: ago(HOUR) },
    { id: "a-call", workspaceId, credits: 9, at: ago(2 * DAY) },
    { id: "b-call", workspaceId, credits: 0.7, byok: true },
    { id: "late", workspaceId, credits: 1, at: ago(36 * DAY) },
    { id: "early", workspaceId, credits: 1, at: ago(-6 * 60_000) },
    { id: "negative", workspaceId, credits: -1 },
    { id: "", workspaceId, credits: 1 },
    { id: "nowhere", workspaceId: randomUUID(), credits: 1 },
    { id: "nonsense", workspaceId: "nonsense", credits: 1 },
  );
  expect(again).toMatchObject({ recorded: 1, duplicates: 3 });
  expect(again.rejected.map((each: { id: string }) => each.id).sort()).toEqual(
    ["", "early", "late", "negative", "nonsense", "nowhere"].sort(),
  );
  const now = new Date();
  const trend = `trend(from: "${now.toISOString()}", to: "${now.toISOString()}", interval: MONTH) { credits calls byokCalls }`;
  const read = await usageOf(
    owner,
    id,
    `credits { used } ${trend} byWorkspace(from: "${ago(HOUR)}", to: "${now.toISOString()}") { workspace { id } credits calls byokCalls }`,
  );
  expect(read.credits.used).toBe(0.3);
  expect(read.trend).toEqual([{ credits: 0.3, calls: 3, byokCalls: 1 }]);
  expect(read.byWorkspace).toEqual([{ workspace: { id: workspaceId }, credits: 0.3, calls: 3, byokCalls: 1 }]);
});

test("a request has at most 1,000 records, and needs a service with the scope", async () => {
  const { owner, workspaceId } = await metered.organization();
  const many = Array.from({ length: 1_001 }, () => ({ workspaceId, credits: 1 }));
  expect(await metered.record(...many)).toMatchObject({ code: "INVALID_INPUT" });
  const input = { records: [{ id: "x", workspaceId, credits: 1, at: ago(0) }] };
  expect((await owner.ask(RECORD, input)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect((await gatewayAsk(RECORD, input)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
});

test("concurrent equal batches, in any order, count once without a deadlock", async () => {
  const { owner, id, workspaceId } = await metered.organization("ENTERPRISE");
  const batch = Array.from({ length: 200 }, (_, n) => ({
    id: `race-${id}-${n}`,
    workspaceId,
    credits: 0.01,
    at: ago((n % 50) * HOUR),
  }));
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => metered.record(...(n % 2 ? batch : [...batch].reverse()))),
  );
  expect(answers.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(200);
  expect(answers.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(11 * 200);
  const read = await usageOf(
    owner,
    id,
    `trend(from: "${ago(60 * HOUR)}", to: "${ago(0)}", interval: HOUR) { credits calls }`,
  );
  expect(read.trend.reduce((sum: number, { calls }: { calls: number }) => sum + calls, 0)).toBe(200);
});

test("concurrent batches of several organizations get their own results", async () => {
  const places = await Promise.all([metered.organization("ENTERPRISE"), metered.organization("ENTERPRISE")]);
  const shared = randomUUID();
  const sent = Array.from({ length: 16 }, (_, n) => {
    const { workspaceId } = places[n % 2] as (typeof places)[0];
    const own = Array.from({ length: n }, () => ({ workspaceId, credits: 0.5 }));
    const nowhere = { id: `nowhere-${n}`, workspaceId: randomUUID(), credits: 1 };
    const common = { id: shared, workspaceId: places[0]?.workspaceId ?? "", credits: 1 };
    return n % 3 === 0 ? [...own, nowhere] : [nowhere, common, ...own];
  });
  const answers = await Promise.all(sent.map((records) => metered.record(...records)));
  const rest = answers.map(({ recorded, duplicates }, n) => [recorded - n, duplicates]);
  for (const [n, answer] of answers.entries())
    expect(answer.rejected).toEqual([{ id: `nowhere-${n}`, reason: "There is no such workspace." }]);
  // The shared record counts in one of its batches, and is a duplicate in the others.
  expect(rest.filter(([more]) => more === 1)).toHaveLength(1);
  for (const [n, [more, duplicates]] of rest.entries())
    expect((more ?? 0) + (duplicates ?? 0)).toBe(n % 3 === 0 ? 0 : 1);
  for (const [n, { owner, id }] of places.entries()) {
    const { credits } = await usageOf(owner, id, "credits { used }");
    expect(credits.used).toBe(n === 0 ? 0.5 * 56 + 1 : 0.5 * 64);
  }
});

test("a trend has no gaps, is in UTC, and is refused if it is too long", async () => {
  const { owner, id, workspaceId } = await metered.organization();
  // A past week whose Friday and Saturday are in the same month.
  const today = Math.floor(Date.now() / DAY) * DAY;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY;
  const week = [7, 14].map((days) => monday - days * DAY).find((start) => new Date(start + 5 * DAY).getUTCDate() > 1);
  const on = (day: number, time = "00:00:00.000Z") =>
    `${new Date((week ?? 0) + day * DAY).toISOString().slice(0, 10)}T${time}`;
  const [MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY] = [0, 3, 4, 5, 6];
  await metered.record(
    { workspaceId, credits: 2, at: on(FRIDAY, "23:59:59.999Z") },
    { workspaceId, credits: 3, at: on(SATURDAY) },
  );
  const of = (from: string, to: string, rest = "") =>
    usageOf(owner, id, `trend(from: "${from}", to: "${to}"${rest}) { at credits calls }`);
  expect(await of(on(THURSDAY, "10:00:00Z"), on(SUNDAY, "01:00:00Z"))).toEqual({
    trend: [
      { at: on(THURSDAY), credits: 0, calls: 0 },
      { at: on(FRIDAY), credits: 2, calls: 1 },
      { at: on(SATURDAY), credits: 3, calls: 1 },
      { at: on(SUNDAY), credits: 0, calls: 0 },
    ],
  });
  // Points are whole intervals, whatever the hours of the arguments, so a day is the same in every query.
  for (const to of [on(FRIDAY), on(FRIDAY, "10:00:00Z"), on(FRIDAY, "23:59:59Z")]) {
    expect((await of(on(FRIDAY), to)).trend).toEqual([{ at: on(FRIDAY), credits: 2, calls: 1 }]);
    for (const interval of ["WEEK", "MONTH"]) {
      const { trend } = await of(on(FRIDAY), to, `, interval: ${interval}`);
      expect(trend.map((each: { calls: number }) => each.calls)).toEqual([2]);
    }
  }
  const weeks = await of(on(MONDAY), on(MONDAY + 7), ", interval: WEEK");
  expect(weeks.trend.map((each: { credits: number }) => each.credits)).toEqual([5, 0]);
  const other = await of(on(FRIDAY), on(FRIDAY), `, workspaceId: "${randomUUID()}"`);
  expect(other.trend).toEqual([{ at: on(FRIDAY), credits: 0, calls: 0 }]);
  expect((await of(on(SUNDAY), on(FRIDAY)))[0].extensions.code).toBe("BAD_USER_INPUT");
  expect((await of(on(MONDAY - 101), on(FRIDAY), ", interval: HOUR"))[0].extensions.code).toBe("BAD_USER_INPUT");
});

test("without an interval, both usage fields are by days", async () => {
  const { owner, id, workspaceId } = await metered.organization();
  // A call at noon yesterday, requested from midnight: another hour of the same day.
  const day = ago(DAY).slice(0, 10);
  await metered.record({ workspaceId, at: `${day}T12:00:00Z`, credits: 3 });
  const span = `from: "${day}T00:00:00Z", to: "${day}T00:00:00Z"`;
  expect(await usageOf(owner, id, `trend(${span}) { credits } byWorkspace(${span}) { credits }`)).toEqual({
    trend: [{ credits: 3 }],
    byWorkspace: [{ credits: 3 }],
  });
});

test("only an Owner can read usage", async () => {
  const { owner, id } = await metered.organization("ADVANCED");
  const admin = await join(service, owner, id, "ADMIN");
  const { errors } = await admin.ask(`{ organization(id: "${id}") { subscription { usage { credits { used } } } } }`);
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
});

test("ledger partitions that accept no more records are dropped, the others stay", async () => {
  const { workspaceId } = await metered.organization();
  await metered.record({ workspaceId, credits: 1, at: ago(34 * DAY) }, { workspaceId, credits: 1 });
  const { database } = service.app.services;
  const count = async () =>
    (
      await database.dataSource.query("SELECT count(*)::int AS n FROM usage_ledger WHERE workspace_id = $1", [
        workspaceId,
      ])
    )[0].n;
  await dropUsagePartitions(database, new Date(Date.now() - 36 * DAY));
  expect(await count()).toBe(2);
  await dropUsagePartitions(database, new Date(Date.now() + 32 * DAY));
  expect(await count()).toBe(0);
});
