import { randomUUID } from "node:crypto";
import { sweepCreditAlerts } from "../../src/jobs/sweep";
import { organization } from "../support/live-organization";
import { type Ask, type Person, RunningService } from "../support/service";

let service: RunningService;
let metering: Ask;
let gatewayAsk: Ask;
beforeAll(async () => {
  service = await RunningService.start();
  metering = await service.service("usage:write");
  gatewayAsk = await service.service("credentials:read");
});
afterAll(() => service.stop());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const RECORD = `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) {
  ... on RecordUsageSuccess { recorded duplicates rejected { id reason } } ... on Refusal { code message } } }`;

type UsageInput = { id?: string; workspaceId: string; at?: string; credits: number; byok?: boolean };
const record = async (...records: UsageInput[]) => {
  const whole = records.map((each) => ({ id: randomUUID(), at: new Date().toISOString(), ...each }));
  const { data, errors } = await metering(RECORD, { records: whole });
  return data?.recordUsage ?? errors;
};

async function start(planCode = "STANDARD"): Promise<{ owner: Person; id: string; workspaceId: string }> {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  await service.app.services.database.dataSource.query(
    "UPDATE organization_subscription SET plan_code = $2, started_at = started_at - interval '40 days' WHERE organization_id = $1",
    [id, planCode],
  );
  const { data } = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id } } } }`);
  return { owner, id, workspaceId: data.organization.workspaces.nodes[0].id };
}

const usage = async (owner: Person, id: string, selection: string) => {
  const { data, errors } = await owner.ask(`{ organization(id: "${id}") { subscription { usage { ${selection} } } } }`);
  return errors ?? data.organization.subscription.usage;
};
const access = async (workspaceId: string) => {
  const query = `{ llmAccess(workspaceId: "${workspaceId}") { __typename
    ... on PlatformLlmAccess { reason creditsRemaining } ... on Refusal { code limit { limit remaining } } } }`;
  const { data, errors } = await gatewayAsk(query);
  return data?.llmAccess ?? errors?.[0]?.extensions.code;
};

test("a call spends the day's credits first, then the period's, until there are none: then calls are refused", async () => {
  const { owner, id, workspaceId } = await start("STARTER");
  const remaining = async () =>
    (await usage(owner, id, "credits { used monthlyRemaining dailyRemaining monthlyLimit dailyLimit }")).credits;
  expect(await access(workspaceId)).toEqual({
    __typename: "PlatformLlmAccess",
    reason: "NO_KEY",
    creditsRemaining: 25,
  });
  await record({ workspaceId, credits: 3 });
  expect(await remaining()).toEqual({
    used: 3,
    monthlyLimit: 20,
    monthlyRemaining: 20,
    dailyLimit: 5,
    dailyRemaining: 2,
  });
  await record({ workspaceId, credits: 4 }, { workspaceId, credits: 100, byok: true });
  expect(await remaining()).toMatchObject({ used: 7, monthlyRemaining: 18, dailyRemaining: 0 });
  await record({ workspaceId, credits: 18 });
  expect(await access(workspaceId)).toEqual({
    __typename: "Refusal",
    code: "CREDITS_EXHAUSTED",
    limit: { limit: 20, remaining: 0 },
  });
  expect(await access(randomUUID())).toBe("NOT_FOUND");
  const { errors } = await owner.ask(`{ llmAccess(workspaceId: "${workspaceId}") { __typename } }`);
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
});

test("Owners are notified once at 80 % and once at 100 % of their credits", async () => {
  const { owner, id, workspaceId } = await start("STARTER");
  const sweep = () => sweepCreditAlerts(service.app.services);
  const events = async () =>
    (
      await owner.ask(
        `{ organization(id: "${id}") { auditLog(types: ["credits.threshold_reached"]) { nodes { summary } } } }`,
      )
    ).data.organization.auditLog.nodes;
  await record({ workspaceId, credits: 20, at: ago(DAY) });
  await sweep();
  expect(await events()).toEqual([]);
  const { forecast } = await usage(owner, id, "forecast");
  expect(forecast === null || new Date(forecast) > new Date()).toBe(true);
  await record({ workspaceId, credits: 6 });
  await Promise.all([sweep(), sweep()]);
  await record({ workspaceId, credits: 10 });
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

test("Owners are notified right after the call, without a sweep", async () => {
  const { owner, workspaceId } = await start("STARTER");
  await record({ workspaceId, credits: 30 });
  const isNotified = () => service.mailer.sent.some(({ to }) => to === owner.email);
  while (!isNotified()) await new Promise((resolve) => setImmediate(resolve));
});
