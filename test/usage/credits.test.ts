import { randomUUID } from "node:crypto";
import { sweepCreditAlerts } from "../../src/jobs/sweep";
import type { Ask, RunningService } from "../support/service";
import { ago, DAY, MeteredService, usageOf } from "./support/metered-service";

let metered: MeteredService;
let service: RunningService;
let gatewayAsk: Ask;
beforeAll(async () => {
  metered = await MeteredService.start();
  ({ service } = metered);
  gatewayAsk = await service.service("credentials:read");
});
afterAll(() => service.stop());

const access = async (workspaceId: string) => {
  const query = `{ llmAccess(workspaceId: "${workspaceId}") { __typename
    ... on PlatformLlmAccess { reason creditsRemaining } ... on Refusal { code limit { limit remaining } } } }`;
  const { data, errors } = await gatewayAsk(query);
  return data?.llmAccess ?? errors?.[0]?.extensions.code;
};

test("a call uses the day's credits first, then the period's; without credits, calls are refused", async () => {
  const { owner, id, workspaceId } = await metered.organization("STARTER");
  const remaining = async () =>
    (await usageOf(owner, id, "credits { used monthlyRemaining dailyRemaining monthlyLimit dailyLimit }")).credits;
  expect(await access(workspaceId)).toEqual({
    __typename: "PlatformLlmAccess",
    reason: "NO_KEY",
    creditsRemaining: 25,
  });
  await metered.record({ workspaceId, credits: 3 });
  expect(await remaining()).toEqual({
    used: 3,
    monthlyLimit: 20,
    monthlyRemaining: 20,
    dailyLimit: 5,
    dailyRemaining: 2,
  });
  await metered.record({ workspaceId, credits: 4 }, { workspaceId, credits: 100, byok: true });
  expect(await remaining()).toMatchObject({ used: 7, monthlyRemaining: 18, dailyRemaining: 0 });
  await metered.record({ workspaceId, credits: 18 });
  expect(await access(workspaceId)).toEqual({
    __typename: "Refusal",
    code: "CREDITS_EXHAUSTED",
    limit: { limit: 20, remaining: 0 },
  });
  expect(await access(randomUUID())).toBe("NOT_FOUND");
  const { errors } = await owner.ask(`{ llmAccess(workspaceId: "${workspaceId}") { __typename } }`);
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
});

test("Owners get one notice at 80 % and one at 100 % of their credits", async () => {
  const { owner, id, workspaceId } = await metered.organization("STARTER");
  const sweep = () => sweepCreditAlerts(service.app.services);
  const events = async () =>
    (
      await owner.ask(
        `{ organization(id: "${id}") { auditLog(types: ["credits.threshold_reached"]) { nodes { summary } } } }`,
      )
    ).data.organization.auditLog.nodes;
  await metered.record({ workspaceId, credits: 20, at: ago(DAY) });
  await sweep();
  expect(await events()).toEqual([]);
  const { forecast } = await usageOf(owner, id, "forecast");
  expect(forecast === null || new Date(forecast) > new Date()).toBe(true);
  await metered.record({ workspaceId, credits: 6 });
  await Promise.all([sweep(), sweep()]);
  await metered.record({ workspaceId, credits: 10 });
  await Promise.all([sweep(), sweep()]);
  await sweep();
  expect((await events()).map((each: { summary: string }) => each.summary)).toEqual([
    "The 20 credits of this period are used up.",
    "80 % of this period's 20 credits are used.",
  ]);
  const mails = () => service.mailer.sent.filter(({ to }) => to === owner.email).map(({ subject }) => subject);
  while (mails().length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(mails().sort()).toEqual([
    "Your CloudThinker credits are running low",
    "Your CloudThinker credits are used up",
  ]);
});

test("Owners get the notice right after the call, without the hourly job", async () => {
  const { owner, workspaceId } = await metered.organization("STARTER");
  await metered.record({ workspaceId, credits: 30 });
  const isNotified = () => service.mailer.sent.some(({ to }) => to === owner.email);
  while (!isNotified()) await new Promise((resolve) => setImmediate(resolve));
});

test("the pace counts seven days, also those before the current period", async () => {
  const { owner, id, workspaceId } = await metered.organization();
  const founded =
    "UPDATE organization_subscription SET started_at = now() - interval '1 month 1 day' WHERE organization_id = $1";
  await service.app.services.database.dataSource.query(founded, [id]);
  await metered.record({ workspaceId, credits: 70, at: ago(6 * DAY) });
  const { credits, projectedPeriodCredits } = await usageOf(owner, id, "credits { used } projectedPeriodCredits");
  expect(credits.used).toBe(0);
  expect(projectedPeriodCredits).toBeGreaterThan(0);
});
