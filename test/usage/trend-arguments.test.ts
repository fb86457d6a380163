import { randomUUID } from "node:crypto";
import { join, organization } from "../support/live-organization";
import { type Ask, type Person, RunningService } from "../support/service";
import { withoutBackgroundStatements } from "../support/without-background-statements";

let service: RunningService;
let metering: Ask;
let owner: Person;
let id: string;
let workspaceIds: string[];
beforeAll(async () => {
  withoutBackgroundStatements();
  service = await RunningService.start({}, { jobs: false });
  metering = await service.service("usage:write");
  owner = await service.person("Olga");
  id = await organization(owner);
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  moment = new Date().toISOString();
  workspaceIds = [];
  for (const name of ["One", "Two", "Three"]) workspaceIds.push(await createWorkspace(name));
});
afterAll(() => service.stop());

const DAY = 86_400_000;
/** All records have the same time, so that no test crosses the end of a day. */
let moment: string;
const span = () => `from: "${moment}", to: "${moment}"`;
const RECORD = `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) {
  ... on RecordUsageSuccess { recorded } } }`;

async function createWorkspace(name: string): Promise<string> {
  const input = `{ organizationId: "${id}", name: "${name}", cloudProvider: AWS }`;
  const { data } = await owner.ask(
    `mutation { createWorkspace(input: ${input}) { ... on CreateWorkspaceSuccess { workspace { id } } } }`,
  );
  return data.createWorkspace.workspace.id;
}

async function record(workspaceId: string, credits: number, byok = false): Promise<void> {
  const one = { id: randomUUID(), workspaceId, at: moment, credits, byok };
  const { data } = await metering(RECORD, { records: [one] });
  expect(data.recordUsage.recorded).toBe(1);
}

const usage = async (selection: string, ask: Ask = owner.ask) => {
  const { data, errors } = await ask(`{ organization(id: "${id}") { subscription { usage { ${selection} } } } }`);
  return errors?.[0]?.extensions.code ?? data.organization.subscription.usage;
};
const byWorkspace = async (rest = "", within = span()) =>
  usage(
    `trendByWorkspace(${within}${rest}) { kind workspace { name } points { credits periodCredits calls byokCalls } }`,
  );

test("an organization without usage has no series and no projection", async () => {
  expect(await usage(`projectedPeriodCredits trendByWorkspace(${span()}) { kind }`)).toEqual({
    projectedPeriodCredits: null,
    trendByWorkspace: [],
  });
});

test("the most used workspaces have their own series; other and deleted ones share one each, without names of deleted ones", async () => {
  const [one = "", two = "", three = ""] = workspaceIds;
  const doomed = await createWorkspace("Doomed");
  await record(one, 2);
  await record(two, 7);
  await record(two, 100, true);
  await record(three, 1);
  await record(doomed, 4);
  await owner.ask(
    `mutation { deleteWorkspace(input: { organizationId: "${id}", workspaceId: "${doomed}" }) { __typename } }`,
  );
  const series = (
    kind: string,
    name: string | null,
    credits: number,
    periodCredits: number,
    calls = 1,
    byokCalls = 0,
  ) => ({
    kind,
    workspace: name && { name },
    points: [{ credits, periodCredits, calls, byokCalls }],
  });
  // In the hour that uses up the five daily credits, workspaces spend them in the order of their creation.
  expect(await byWorkspace(", top: 2")).toEqual({
    trendByWorkspace: [
      series("WORKSPACE", "Two", 7, 4, 2, 1),
      series("WORKSPACE", "One", 2, 0),
      series("OTHERS", null, 1, 1),
      series("DELETED", null, 4, 4),
    ],
  });
  for (const rest of ["", ", top: null", ", top: 5", ", top: 20"]) {
    const { trendByWorkspace } = await byWorkspace(rest);
    expect(trendByWorkspace.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...["WORKSPACE", "WORKSPACE", "WORKSPACE", "DELETED"],
    ]);
  }
  const ofTwo = `trend(${span()}, workspaceId: "${two}") { credits periodCredits }`;
  expect(await usage(`trend(${span()}) { credits periodCredits } ofTwo: ${ofTwo}`)).toEqual({
    trend: [{ credits: 14, periodCredits: 9 }],
    ofTwo: [{ credits: 7, periodCredits: 4 }],
  });
  // The hours of the whole organization are stored under its own id, in any spelling.
  for (const none of [id, id.toUpperCase(), "none"]) {
    const ofNone = await usage(`trend(${span()}, workspaceId: "${none}") { credits calls }`);
    expect(ofNone).toEqual({ trend: [{ credits: 0, calls: 0 }] });
  }
});

test("the pace of seven days is projected to the end of the period", async () => {
  const { credits, projectedPeriodCredits } = await usage("credits { resetsAt } projectedPeriodCredits");
  const days = (Date.parse(credits.resetsAt) - Date.now()) / DAY;
  expect(projectedPeriodCredits).toBeCloseTo(9 + (9 / 7) * days, 2);
});

test.each([
  ["no workspace", ", top: 0"],
  ["a negative number", ", top: -1"],
  ["one more than can be named", ", top: 21"],
  ["a large number", ", top: 2147483647"],
])("a trend by %s is refused", async (_, rest) => expect(await byWorkspace(rest)).toBe("BAD_USER_INPUT"));

const at = (moment: number) => new Date(moment).toISOString();
const NOW = Date.now();
test.each([
  ["runs backwards", `from: "${at(NOW)}", to: "${at(NOW - 1)}"`],
  ["has more than 2,400 hours", `from: "${at(NOW - 100 * DAY)}", to: "${at(NOW)}", interval: HOUR`],
  ["is longer than ten years", `from: "${at(NOW - 3_660 * DAY - 1)}", to: "${at(NOW)}", interval: MONTH`],
])("a span is refused if it %s", async (_, span) => {
  expect(await byWorkspace("", span)).toBe("BAD_USER_INPUT");
  expect(await usage(`trend(${span}) { at }`)).toBe("BAD_USER_INPUT");
});

test("a span of exactly 2,400 hours is allowed, and each series has all of them", async () => {
  const end = Date.parse(moment);
  const span = `from: "${at(end - 100 * DAY + 3_600_000)}", to: "${at(end)}", interval: HOUR`;
  const { trendByWorkspace } = await byWorkspace("", span);
  const lengths = trendByWorkspace.map(({ points }: { points: unknown[] }) => points.length);
  expect(lengths).toEqual([2_400, 2_400, 2_400, 2_400]);
});

test("use by workspace covers the same span as a trend with the same interval", async () => {
  const span = `from: "${at(Date.parse(moment) - DAY)}", to: "${moment}"`;
  for (const interval of ["HOUR", "DAY", "WEEK", "MONTH"]) {
    const read = await usage(
      `byWorkspace(${span}, interval: ${interval}) { credits } trendByWorkspace(${span}, interval: ${interval}) { kind points { credits } }`,
    );
    const totals = read.byWorkspace.map(({ credits }: { credits: number }) => credits);
    expect(totals).toEqual([7, 2, 1, 0]);
  }
  expect(await usage(`byWorkspace(from: "${at(NOW)}", to: "${at(NOW - 1)}") { credits }`)).toBe("BAD_USER_INPUT");
});

test("the number of statements is the same for one workspace and for many", async () => {
  const { database } = service.app.services;
  const cost = async (top: number) => {
    const before = database.statementCount();
    expect((await byWorkspace(`, top: ${top}`)).trendByWorkspace.length).toBeGreaterThanOrEqual(3);
    return database.statementCount() - before;
  };
  await cost(1);
  const one = await cost(1);
  for (let n = 0; n < 15; n++) await record(await createWorkspace(`More ${n}`), 1);
  expect(await cost(20)).toBe(one);
});

test.each(["ADMIN", "DEVELOPER", "VIEWER"] as const)("a member with the role %s cannot read usage", async (role) => {
  const member = await join(service, owner, id, role);
  expect(await usage(`trendByWorkspace(${span()}) { kind }`, member.ask)).toBe("FORBIDDEN");
  expect(await usage("projectedPeriodCredits", member.ask)).toBe("FORBIDDEN");
});
