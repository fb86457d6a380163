import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { Environment } from "../../src/config/environment";
import { observeLag } from "../../src/process-metrics";
import { runbookCommands, runbookSection, runCommands } from "../support/runbook";
import { RunningService } from "../support/service";

const ROOT = path.join(__dirname, "..", "..");
// .ci/run installs Prometheus and requires its test.
const hasPromtool = process.env.REQUIRE_PROMTOOL !== undefined || spawnSync("promtool", ["--version"]).status === 0;
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

let service: RunningService;
beforeAll(async () => {
  // Nothing responds there, and the service works without it.
  const variables = { DATABASE_READ_URL: "postgres://nobody@127.0.0.1:1/none" };
  service = await RunningService.start(variables, { jobs: false });
});
afterAll(() => service.stop());

async function metrics(): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${service.app.port}/metrics`)).text();
}

/** The value of one metric; undefined if it is absent. */
async function sample(series: string): Promise<number | undefined> {
  const line = (await metrics()).split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

const sql = (text: string) => service.app.services.database.dataSource.query(text);

async function inviteOne(): Promise<void> {
  const { ask } = await service.person();
  const { data } = await ask("{ viewer { memberships { organization { id } } } }");
  const { id } = data.viewer.memberships[0].organization;
  const input = `{ organizationId: "${id}", planCode: "ADVANCED" }`;
  await ask(`mutation { changePlan(input: ${input}) { __typename } }`);
  await ask(
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["a@example.com"], role: VIEWER }) { __typename } }`,
  );
}

test("the metrics of the queue have the due and failed jobs, and the longest wait", async () => {
  await inviteOne();
  const labels = '{task="send-invitation"}';
  expect(await sample(`jobs_due${labels}`)).toBe(1);
  expect(await sample(`jobs_failed${labels}`)).toBe(0);
  await sql(
    "UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 hour' WHERE attempts < max_attempts",
  );
  const waited = (await sample(`jobs_wait_seconds${labels}`)) ?? 0;
  expect(waited).toBeGreaterThanOrEqual(3600);
  await sql("UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 hour'");
  expect(await sample(`jobs_due${labels}`)).toBe(0);
  expect(await sample(`jobs_wait_seconds${labels}`)).toBe(0);
  await sql("UPDATE graphile_worker._private_jobs SET attempts = max_attempts, run_at = now()");
  expect(await sample(`jobs_due${labels}`)).toBe(0);
  expect(await sample(`jobs_failed${labels}`)).toBe(1);
  await sql("DELETE FROM graphile_worker._private_jobs");
  expect(await sample(`jobs_failed${labels}`)).toBeUndefined();
});

test("idle connections do not count as used", async () => {
  const { dataSource } = service.app.services.database;
  const runners = Array.from({ length: 5 }, () => dataSource.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
  expect(await sample('limit_used{limit="database_pool"}')).toBeLessThan(5);
});

test("operations are counted by outcome: refused for a client error, or failed for an error of the service", async () => {
  const count = async (outcome: string) =>
    (await sample(`graphql_operation_duration_seconds_count{kind="query",outcome="${outcome}"}`)) ?? 0;
  const { ask } = await service.person();
  await ask("{ viewer { id } }");
  const before = { ok: await count("ok"), refused: await count("refused"), failed: await count("failed") };
  await service.ask(null)("{ plans { code } }");
  await service.ask(null)("{ viewer { id } }");
  await sql("ALTER TABLE organization RENAME TO organization_gone");
  await ask('{ organization(id: "00000000-0000-4000-8000-000000000000") { id } }');
  await sql("ALTER TABLE organization_gone RENAME TO organization");
  expect(await count("ok")).toBe(before.ok + 1);
  expect(await count("refused")).toBe(before.refused + 1);
  expect(await count("failed")).toBe(before.failed + 1);
});

/** The names of metrics in an expression, without those in the values of labels. */
const metricsIn = (expression: string) =>
  expression
    .replace(/"[^"]*"/g, "")
    .match(/\b[a-z]+(_[a-z0-9]+)+\b/g)
    ?.filter((name) => !FUNCTIONS.has(name)) ?? [];
const FUNCTIONS = new Set(["histogram_quantile"]);
const ALERTS = runbookSection("## Alerts");

test("alerts, the dashboard and the runbook use existing metrics", async () => {
  await inviteOne();
  const text = await metrics();
  const samples = [...text.matchAll(/^([a-z0-9_]+)/gm)].map(([name]) => name);
  // Durations need at least one job.
  const histograms = [...text.matchAll(/^# TYPE (\w+) histogram/gm)].flatMap(([, name]) => [
    ...[`${name}_bucket`, `${name}_count`, String(name)],
  ]);
  const existing = new Set([...samples, ...histograms]);
  const rules = [...read("deploy/prometheus/alerts.yml").matchAll(/expr: (?:\|\n)?([\s\S]*?)\n {8}(?:for|labels):/g)];
  const dashboard = JSON.parse(read("deploy/grafana/organizations.json")) as {
    panels: Array<{ targets: Array<{ expr: string }> }>;
  };
  expect(rules.length).toBe((read("deploy/prometheus/alerts.yml").match(/- alert:/g) ?? []).length);
  const commands = [...ALERTS.matchAll(/\/metrics" \| grep (?:-E )?'([^']*)'/g)].map(([, pattern = ""]) => pattern);
  const table = ALERTS.split("\n").filter((line) => line.startsWith("| `") && line.includes("_seconds"));
  const asked = [
    ...rules.map(([, expression = ""]) => expression),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...[...commands, ...table.map((line) => line.split("|")[1] ?? "")],
  ].map(metricsIn);
  expect(asked.filter((names) => names.length > 0).length).toBeGreaterThan(rules.length + commands.length);
  expect(asked.flat().filter((name) => !existing.has(name))).toEqual([]);
});

test("the runbook has a section for each alert and alarm, and searches for lines that the service logs", () => {
  const alerts = [...read("deploy/prometheus/alerts.yml").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const parts = [...ALERTS.matchAll(/^### (Organizations\w+)$/gm)].map(([, name]) => name);
  expect(parts).toEqual(alerts);
  for (const name of parts) expect(runbookSection(`### ${name}`)).toContain("```sh\n");
  const files = readdirSync(path.join(ROOT, "src"), { recursive: true }) as string[];
  const source = files.filter((file) => file.endsWith(".ts")).map((file) => read(path.join("src", file)));
  const lines = [...ALERTS.matchAll(/grep (?:-E )?'"\(?([^'"]*?)\)?"'/g)].flatMap(([, line = ""]) => line.split("|"));
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((line) => !source.some((text) => text.includes(`"${line}"`)))).toEqual([]);
  const alarms = source.flatMap((text) => [...text.matchAll(/alarm: true[^"]*"([^"]+)"/g)].map(([, line]) => line));
  const table = runbookSection("### Alarms in the log").matchAll(/^\| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm);
  expect([...table].slice(1).map(([, line]) => line)).toEqual(expect.arrayContaining(alarms));
  expect(alarms).toHaveLength(3);
});

(hasPromtool ? test : test.skip)("each alert fires on what it is for, and none on a healthy service", () => {
  execFileSync("promtool", ["test", "rules", "deploy/prometheus/alerts.test.yml"], { cwd: ROOT, stdio: "pipe" });
});

const alertCommands = runbookCommands("## Alerts");

test("every command of the alerts' chapter has correct syntax", () => {
  expect(alertCommands.length).toBeGreaterThan(14);
  for (const block of alertCommands) execFileSync("bash", ["-n", "-c", block], { stdio: "pipe" });
});

// Needs psql.
if (process.env.PROVE_RUNBOOK) {
  test("every command of the alerts' chapter runs", async () => {
    const log = path.join(service.directory, "log");
    writeFileSync(log, '{"level":30,"viewer":"ann","msg":"operation"}\n');
    const { databaseUrl } = service;
    const stuck = new Client({ connectionString: databaseUrl });
    stuck.on("error", () => undefined);
    await stuck.connect();
    const [{ pid }] = (await stuck.query("SELECT pg_backend_pid() AS pid")).rows;
    const urls = { DATABASE_URL: databaseUrl, ADMIN_URL: databaseUrl, DATABASE_READ_URL: databaseUrl };
    const places = { REPLICA: `http://127.0.0.1:${service.app.port}`, LOG: log };
    const env = { PATH: process.env.PATH ?? "", ...urls, ...places, PID: String(pid), JOB: "0" };
    // This service has no faults, so the output is short.
    const found = 'grep() { command grep "$@" || [ $? = 1 ]; }\n';
    for (const block of alertCommands) await runCommands(found + block, { cwd: ROOT, env });
    await stuck.end().catch(() => undefined);
  });
}

test("the deployments set only known variables", () => {
  const compose = /environment: &environment\n([\s\S]*?)\n {2}volumes/.exec(read("compose.yaml"))?.[1] ?? "";
  const values = /\nconfig:\n([\s\S]*?)\n\n/.exec(read("deploy/helm/organizations/values.yaml"))?.[1] ?? "";
  const map = /\ndata:\n([\s\S]*)/.exec(read("deploy/helm/organizations/templates/configmap.yaml"))?.[1] ?? "";
  const settings = [compose, values, map].flatMap((text) => [...text.matchAll(/^ +([A-Z_]+):/gm)]);
  const secrets = /((?:# .*\n)+)existingSecret:/.exec(read("deploy/helm/organizations/values.yaml"))?.[1] ?? "";
  const inChart = [...secrets.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)];
  expect(inChart).toHaveLength(10);
  const names = [...settings, ...inChart].map((match) => match[1] ?? match[0]);
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !(String(name) in Environment.shape))).toEqual([]);
  const documented = [...runbookSection("## Configuration").matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(
    ([, name]) => name,
  );
  expect(Object.keys(Environment.shape).filter((name) => !documented.includes(name))).toEqual([]);
  const rows = [...runbookSection("## Configuration").matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, row = ""]) =>
    [...row.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((name) => !(name in Environment.shape))).toEqual([]);
});

test("each root field has its rate and errors by name, and each limit its refusals", async () => {
  const count = async (series: string) => (await sample(series)) ?? 0;
  const field = 'graphql_root_fields_total{kind="query",field="plans",outcome="ok"}';
  const refused = 'graphql_root_fields_total{kind="query",field="viewer",outcome="refused"}';
  const [document, waits] = ['limit_refusals_total{limit="document"}', "database_pool_wait_seconds_count"];
  const before = await Promise.all([field, refused, document, waits].map(count));
  const ask = service.ask(null);
  await ask("query Hostile { secretAlias: plans { code } ...More } fragment More on Query { plans { name } }");
  await ask("{ viewer { id } }");
  await ask("{ noSuchField }");
  await ask(`{ plans { code } } # ${"x".repeat(200_000)}`);
  await service.person().then((person) => person.ask("{ viewer { id } }"));
  const after = await Promise.all([field, refused, document, waits].map(count));
  expect(after.slice(0, 3)).toEqual([1, 1, 1].map((more, index) => more + (before[index] ?? 0)));
  expect(after[3]).toBeGreaterThan(before[3] ?? 0);
  expect(await metrics()).not.toMatch(/Hostile|secretAlias|noSuchField/);
  expect(await sample('limit_size{limit="database_pool"}')).toBe(10);
  expect(await sample('limit_size{limit="lock_waits"}')).toBe(5);
});

test("the lag of events is the time from change to read, and is never negative", async () => {
  const of = async (part: string) => (await sample(`live_event_lag_seconds_${part}`)) ?? 0;
  const before = { count: await of("count"), sum: await of("sum") };
  const now = new Date();
  observeLag([{ occurredAt: new Date(now.getTime() - 2_500) }, { occurredAt: new Date(now.getTime() + 9_000) }], now);
  expect(await of("count")).toBe(before.count + 2);
  expect((await of("sum")) - before.sum).toBeCloseTo(2.5, 5);
});
