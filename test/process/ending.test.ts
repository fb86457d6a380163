import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import { DatabaseProxy } from "../support/database-proxy";
import { MailServer } from "../support/mail-server";
import { aMoment } from "../support/moment";
import { killRemainingProcesses, ServiceProcess } from "../support/process";
import { cloneDatabase } from "../support/template-database";
import { connect, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";

let directory: string;
let database: { url: string; drop(): Promise<void> };
let client: Client;
beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-ending-"));
  fs.chmodSync(directory, 0o777);
  database = await cloneDatabase();
  client = new Client(database.url);
  await client.connect();
});
afterEach(async () => {
  killRemainingProcesses();
  await client.end();
  await database.drop();
  fs.rmSync(directory, { recursive: true, force: true });
});

const environment = () => ({
  DATABASE_URL: database.url,
  DATA_DIR: directory,
  SEED_DEMO: "false",
  LOCK_TIMEOUT_MS: "60000",
});
const tokenOf = async (id: string) =>
  (await openDevelopmentIssuer(directory)).issue({ id, email: `${id}@example.com`, emailVerified: true, name: id });

/** A mutation that waits for a lock held by the test. */
async function blockedChange(running: ServiceProcess) {
  const token = await tokenOf("dora");
  const { data } = await running.ask(token, "{ viewer { memberships { organization { id } } } }");
  const { id } = data.viewer.memberships[0].organization;
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM organization WHERE id = $1 FOR UPDATE", [id]);
  const answer = running.ask(
    token,
    `mutation { updateOrganization(input: { organizationId: "${id}", name: "Late" }) { ... on UpdateOrganizationSuccess { organization { name } } } }`,
  );
  const blocked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  while ((await client.query(blocked)).rows.length === 0) await aMoment();
  // In an object, because the caller must not wait for the response yet.
  return { answer };
}

/** Waits until a process reports that it is draining. */
async function draining({ port }: ServiceProcess): Promise<void> {
  while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200) await aMoment();
}

const LATER: NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGTERM", "SIGTERM", "SIGINT", "SIGINT"];

test.each(["SIGTERM", "SIGINT"] as const)("after a first %s, later signals have no effect", async (first) => {
  const running = await ServiceProcess.start(environment());
  const change = await blockedChange(running);
  const ended = running.ended();
  running.signal(first);
  await draining(running);
  for (const signal of LATER) {
    running.signal(signal);
    // Its response proves that it is alive and has received the signal.
    expect((await fetch(`http://127.0.0.1:${running.port}/healthz`)).status).toBe(200);
  }
  await client.query("COMMIT");
  expect((await change.answer).data.updateOrganization).toEqual({ organization: { name: "Late" } });
  expect(await ended).toEqual({ code: 0, signal: null });
});

test("a service that npm started drains, although its process group and npm both send it the signal", async () => {
  const running = await ServiceProcess.start(environment(), { byNpm: true });
  const change = await blockedChange(running);
  const ended = running.ended();
  running.signalGroup("SIGTERM");
  await draining(running);
  running.signalGroup("SIGINT");
  running.signalGroup("SIGTERM");
  expect((await fetch(`http://127.0.0.1:${running.port}/healthz`)).status).toBe(200);
  await client.query("COMMIT");
  expect((await change.answer).data.updateOrganization).toEqual({ organization: { name: "Late" } });
  await ended;
});

test("a request that hangs does not prevent the end after the grace period", async () => {
  const running = await ServiceProcess.start({
    ...environment(),
    SHUTDOWN_GRACE_MS: "1500",
    OPERATION_DEADLINE_MS: "60000",
    LOG_LEVEL: "silent",
  });
  const change = await blockedChange(running);
  const cut = change.answer.catch(() => "cut");
  const ended = running.ended();
  running.signal("SIGTERM");
  await draining(running);
  running.signal("SIGTERM");
  // Exit code 1 reports that it did not drain.
  expect(await ended).toEqual({ code: 1, signal: null });
  await client.query("ROLLBACK");
  expect(await cut).toBe("cut");
});

test("it ends properly while it waits for another process's migrations, and before its modules are loaded", async () => {
  // Another replica holds this lock while it migrates.
  await client.query("SELECT pg_advisory_lock(7236114411)");
  const migrating = ServiceProcess.starting(environment());
  const waits =
    "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid() AND datname = current_database()";
  while ((await client.query(waits)).rows.length === 0) await aMoment();
  migrating.signal("SIGTERM");
  expect(await migrating.ended).toEqual({ code: 0, signal: null });
});

test("a database that accepts connections without a response does not prevent the end", async () => {
  const silent = net.createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as net.AddressInfo;
  const starting = ServiceProcess.starting({
    DATABASE_URL: `postgres://somebody:x@127.0.0.1:${port}/x`,
    DATA_DIR: directory,
    SHUTDOWN_GRACE_MS: "500",
    LOG_LEVEL: "silent",
  });
  await once(silent, "connection");
  starting.signal("SIGTERM");
  expect(await starting.ended).toEqual({ code: 1, signal: null });
  silent.close();
});

test("a database that falls silent while the service runs does not prevent the end", async () => {
  const proxy = await DatabaseProxy.open();
  const running = await ServiceProcess.start({
    ...environment(),
    DATABASE_URL: proxy.url(database.url),
    SHUTDOWN_GRACE_MS: "500",
    LOG_LEVEL: "silent",
  });
  proxy.freeze();
  proxy.isHanging = true;
  expect(await running.end("SIGTERM")).toEqual({ code: 1, signal: null });
  proxy.close();
});

test("on SIGTERM streams close, and a job that runs is finished and recorded", async () => {
  const mail = await MailServer.start();
  mail.isSilent = true;
  const running = await ServiceProcess.start({
    ...environment(),
    SMTP_URL: mail.url,
    MAIL_FROM: "no-reply@example.com",
  });
  const token = await tokenOf("dora");
  const { data } = await running.ask(token, "{ viewer { memberships { organization { id } } } }");
  const { id } = data.viewer.memberships[0].organization;
  await running.ask(
    token,
    `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`,
  );
  const query = "subscription($id: ID!) { invitationChanged(organizationId: $id) { change } }";
  const socket = subscribeBySocket(connect(running.port, token), query, { id });
  const events = await subscribeByEvents(running.port, token, query, { id });
  const metrics = async () => (await fetch(`http://127.0.0.1:${running.port}/metrics`)).text();
  while (!/^live_streams 2$/m.test(await metrics())) await aMoment();
  const sending = mail.next();
  await running.ask(
    token,
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["ivo@example.com"], role: VIEWER }) { __typename } }`,
  );
  await sending;
  const ended = running.ended();
  running.signal("SIGTERM");
  for (const stream of [socket, events]) await stream.over();
  expect(socket.closedWith?.code).toBe(1001);
  mail.respond();
  expect(await ended).toEqual({ code: 0, signal: null });

  const sent = "SELECT FROM organization_event WHERE organization_id = $1 AND type = 'invitation.sent'";
  expect((await client.query(sent, [id])).rowCount).toBe(1);
  expect(
    (await client.query("SELECT FROM graphile_worker.jobs WHERE task_identifier = 'send-invitation'")).rowCount,
  ).toBe(0);
  mail.close();
});
