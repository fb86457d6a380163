import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";
import { MailServer } from "../support/mail-server";
import { aMoment } from "../support/moment";
import { killRemainingProcesses, ServiceProcess } from "../support/process";
import { cloneDatabase } from "../support/template-database";

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-process-"));
  fs.chmodSync(directory, 0o777);
});
afterEach(killRemainingProcesses);
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const tokenOf = async (id: string) =>
  (await openDevelopmentIssuer(directory)).issue({ id, email: `${id}@example.com`, emailVerified: true, name: id });

/** Moves the locks of a killed process's jobs into the past: others can take such jobs after 20 s. */
async function expireJobLocks(): Promise<void> {
  const { url, stop } = await startEmbeddedPostgres({
    directory: path.join(directory, "postgres"),
    report: () => undefined,
  });
  const database = new Client(url);
  await database.connect();
  await database.query("UPDATE job_worker SET seen_at = seen_at - interval '1 minute'");
  await database.query("UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '1 minute'");
  await database.end();
  await stop();
}

test("after a kill between the mail and its record, a new process has all data and sends the mail again", async () => {
  const mail = await MailServer.start();
  mail.isSilent = true;
  const environment = {
    DATA_DIR: directory,
    SEED_DEMO: "false",
    SMTP_URL: mail.url,
    MAIL_FROM: "no-reply@example.com",
  };
  const first = await ServiceProcess.start(environment);
  const owner = await tokenOf("olga");
  const { data } = await first.ask(owner, "{ viewer { memberships { organization { id name } } } }");
  const { id, name } = data.viewer.memberships[0].organization;
  expect(name).toBe("olga’s Organization");
  await first.ask(
    owner,
    `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`,
  );
  const sent = mail.next();
  await first.ask(
    owner,
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["ivo@example.com"], role: VIEWER }) { __typename } }`,
  );
  await sent;
  expect(await first.end("SIGKILL")).toMatchObject({ signal: "SIGKILL" });

  mail.isSilent = false;
  const sentAgain = mail.next();
  await expireJobLocks();
  const second = await ServiceProcess.start(environment);
  const link = /\/invitations\/([\w-]+)/.exec(await sentAgain)?.[1];
  const accepted = await second.ask(
    await tokenOf("ivo"),
    `mutation { acceptInvitation(input: { token: "${link}" }) { ... on AcceptInvitationSuccess { member { role } } } }`,
  );
  expect(accepted.data.acceptInvitation).toEqual({ member: { role: "VIEWER" } });
  expect(await second.end("SIGTERM")).toEqual({ code: 0, signal: null });
  mail.close();
});

test("on SIGTERM it finishes its work, reports that it is draining, and exits with 0", async () => {
  const { url, drop } = await cloneDatabase();
  const environment = { DATABASE_URL: url, DATA_DIR: directory, SEED_DEMO: "false", LOCK_TIMEOUT_MS: "60000" };
  const running = await ServiceProcess.start(environment);
  const token = await tokenOf("dora");
  const { data } = await running.ask(token, "{ viewer { memberships { organization { id } } } }");
  const { id } = data.viewer.memberships[0].organization;
  const database = new Client(url);
  await database.connect();
  const blocked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  await database.query("BEGIN");
  await database.query("SELECT 1 FROM organization WHERE id = $1 FOR UPDATE", [id]);
  const renamed = running.ask(
    token,
    `mutation { updateOrganization(input: { organizationId: "${id}", name: "Late" }) { ... on UpdateOrganizationSuccess { organization { name } } } }`,
  );
  while ((await database.query(blocked)).rows.length === 0) await aMoment();
  const ended = running.end("SIGTERM");
  const ready = () => fetch(`http://127.0.0.1:${running.port}/readyz`);
  while ((await ready()).status === 200) await aMoment();
  expect(await (await ready()).json()).toEqual({ status: "unavailable", reason: "draining" });
  const health = await fetch(`http://127.0.0.1:${running.port}/healthz`);
  expect([health.status, health.headers.get("connection")]).toEqual([200, "close"]);
  await database.query("COMMIT");
  expect((await renamed).data.updateOrganization).toEqual({ organization: { name: "Late" } });
  expect(await ended).toEqual({ code: 0, signal: null });
  await database.end();
  await drop();
});

test("SIGTERM ends it properly even during its start", async () => {
  const environment = { DATA_DIR: path.join(directory, "starting"), SEED_DEMO: "true" };
  expect(await ServiceProcess.endAtFirstResponse(environment)).toEqual({ code: 0, signal: null });
});

test.each([
  ["DATABASE_URL", { DATABASE_URL: "postgres://somebody:secret@127.0.0.1:1/x" }],
  ["DATA_DIR", { DATA_DIR: "/dev/null" }],
  ["PORT, HOST", { HOST: "192.0.2.1", DATABASE_URL: process.env.TEST_DATABASE_URL ?? "" }],
])("an unusable %s stops the start with one line that names it", async (name, environment) => {
  const output = await ServiceProcess.fail({ DATA_DIR: directory, ...environment });
  expect(output).toMatch(new RegExp(`^${name}: [^\\n]+\\n$`));
  expect(output).not.toContain("secret");
});

// Repeated here on purpose: the service of other tests runs no task by the time of day.
const SCHEDULED = [
  ...["mend-counters", "remove-old-data", "sweep-access-reviews", "sweep-billing", "sweep-credit-alerts"],
  ...["sweep-expiring-keys", "sweep-invitations", "sweep-leftovers", "sweep-subscriptions", "sweep-void-invitations"],
  ...["sweep-workspace-access", "verify-all-keys"],
];

test("several replicas can start at the same time on one empty database", async () => {
  const { url, drop } = await cloneDatabase({ empty: true });
  const environment = { DATABASE_URL: url, DATA_DIR: directory, SEED_DEMO: "true" };
  const replicas = await Promise.all([1, 2, 3].map(() => ServiceProcess.start(environment)));
  const token = await tokenOf("rita");
  const query = "{ viewer { memberships { organization { id } } } }";
  const answers = await Promise.all(replicas.map((replica) => replica.ask(token, query)));
  expect(answers[0]?.data.viewer.memberships).toHaveLength(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  const database = new Client(url);
  await database.connect();
  const demo = await database.query("SELECT count(*)::int AS n FROM organization WHERE name = 'Northwind Robotics'");
  expect(demo.rows).toEqual([{ n: 1 }]);
  const scheduled = await database.query("SELECT identifier AS task FROM graphile_worker._private_known_crontabs");
  expect(scheduled.rows.map(({ task }) => task).sort()).toEqual(SCHEDULED);
  await database.end();
  for (const replica of replicas) expect(await replica.end("SIGTERM")).toEqual({ code: 0, signal: null });
  await drop();
});
