import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";
import { createLog } from "../../src/log";
import { jobCounts } from "../support/job-counts";
import { type Ask, RunningService } from "../support/service";
import { StripeStandIn } from "../support/stripe-stand-in";
import { named, newParent, parentName, startedSpans, TraceReceiver } from "../support/trace-receiver";

const SECRET = "gateway-secret-of-the-test";
const GATEWAY = { "gateway-secret": SECRET };

let receiver: TraceReceiver;
let stripe: StripeStandIn;
let service: RunningService;
const log: string[] = [];
beforeAll(async () => {
  [receiver, stripe] = await Promise.all([TraceReceiver.start(), StripeStandIn.start()]);
  const collector = { ...receiver.environment, OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b" };
  const environment = { ...collector, ...stripe.environment, GATEWAY_SECRETS: SECRET };
  service = await RunningService.start(environment, {}, createLog("info", { write: (line) => void log.push(line) }));
});
afterAll(async () => {
  await service.stop();
  await Promise.all([receiver.stop(), stripe.stop()]);
});

const sql = (text: string, ...values: unknown[]) => service.app.services.database.dataSource.query(text, values);

async function organizationOf(ask: Ask): Promise<string> {
  const { data } = await ask("{ viewer { memberships { organization { id } } } }");
  return data.viewer.memberships[0].organization.id;
}

test("a trace of the gateway continues through request, operation, loader, statement, command and job", async () => {
  const { ask, email, id: userId, token } = await service.person("Name-of-a-person");
  const before = await jobCounts(service.app.port, "send-invitation");
  const id = await organizationOf(ask);
  await sql("UPDATE organization_subscription SET plan_code = 'ADVANCED' WHERE organization_id = $1", id);
  const read = newParent();
  await ask(`query Named { organization(id: "${id}") { name members { nodes { id } } } }`, {}, { ...GATEWAY, ...read });
  const spans = await receiver.trace(read.traceId, "POST /graphql");
  expect(named(spans, "POST /graphql")).toMatchObject({
    parentSpanId: read.spanId,
    kind: 2,
    status: 0,
    attributes: { "http.route": "/graphql", "http.response.status_code": 200 },
  });
  expect(parentName(spans, "query organization")).toBe("POST /graphql");
  expect(parentName(spans, "load organization")).toBe("query organization");
  expect(parentName(spans, "load members")).toBe("query organization");
  const statements = spans.filter(({ attributes }) => attributes["db.system.name"] === "postgresql");
  expect(statements.map(({ name }) => parentName(spans, name))).toEqual(["load organization", "load members"]);
  expect(statements.every(({ kind }) => kind === 3)).toBe(true);
  const change = newParent();
  const address = `${randomUUID()}@example.com`;
  const input = `{ organizationId: "${id}", emails: ["${address}"], role: VIEWER }`;
  await ask(`mutation { inviteMembers(input: ${input}) { __typename } }`, {}, { ...GATEWAY, ...change });
  // The job may end before the request that queued it, or after.
  for (const last of ["job send-invitation", "POST /graphql"]) await receiver.trace(change.traceId, last);
  const written = receiver.spans.filter(({ traceId }) => traceId === change.traceId);
  expect(parentName(written, "command inviteMembers")).toBe("mutation inviteMembers");
  expect(parentName(written, "transaction")).toBe("command inviteMembers");
  expect(parentName(written, "INSERT invitation")).toBe("transaction");
  expect(parentName(written, "record-changes")).toBe("transaction");
  expect(parentName(written, "COMMIT")).toBe("transaction");
  expect(parentName(written, "job send-invitation")).toBe("transaction");
  expect(named(written, "job send-invitation")?.kind).toBe(5);
  service.mailer.failure = new Error("No mail goes out.");
  const failing = newParent();
  const again = input.replace(address, `again-${address}`);
  await ask(`mutation { inviteMembers(input: ${again}) { __typename } }`, {}, { ...GATEWAY, ...failing });
  expect(named(await receiver.trace(failing.traceId, "job send-invitation"), "job send-invitation")?.status).toBe(2);
  service.mailer.failure = null;
  const after = await jobCounts(service.app.port, "send-invitation");
  for (const outcome of ["ok", "failed"]) expect(after[outcome]).toBeGreaterThan(before[outcome] ?? 0);
  for (const secret of [address, email, userId, token, id, SECRET, "Name-of-a-person", "Named"]) {
    expect(receiver.texts.join()).not.toContain(secret);
  }
  expect(log.some((line) => JSON.parse(line).traceId === read.traceId)).toBe(true);
  expect(receiver.texts.every((text) => text.includes('"x-key":"a b"'))).toBe(true);
});

test("a parent is accepted only in the W3C format and from the gateway", async () => {
  const { traceId, spanId, traceparent } = newParent();
  const zeros = "0".repeat(32);
  const hostile = [
    ...[`ff-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01-more`, `00-${traceId}-${spanId}`],
    ...[`00-${traceId.toUpperCase()}x-${spanId}-01`, `00-${zeros}-${spanId}-01`, `00-${traceId}-${zeros.slice(16)}-01`],
    ...[`${traceparent}, ${traceparent}`, "00-<script>-1-01", traceparent.padEnd(8_000, "0"), "secret@example.com"],
  ];
  const ask = service.ask(null);
  const roots = () => receiver.spans.filter(({ name, parentSpanId }) => name === "POST /graphql" && !parentSpanId);
  const before = roots().length;
  for (const value of hostile) {
    const state = { tracestate: "vendor=secret-state" };
    expect((await ask("{ plans { code } }", {}, { ...GATEWAY, ...state, traceparent: value })).status).toBe(200);
  }
  await ask("{ plans { code } }", {}, { traceparent });
  await ask("{ plans { code } }", {}, { traceparent, "gateway-secret": "wrong" });
  await receiver.until(() => roots().length >= before + hostile.length + 2);
  expect(roots()).toHaveLength(before + hostile.length + 2);
  expect(receiver.texts.join()).not.toMatch(new RegExp(`${traceId}|secret-state|secret@example`));
});

test("a request that the gateway does not sample starts no span", async () => {
  const { ask } = await service.person("Somebody");
  const query = `{ organization(id: "${await organizationOf(ask)}") { name } }`;
  const spansOf = ({ traceparent }: { traceparent: string }) =>
    startedSpans(/^(POST|query|load) /, () => ask(query, {}, { ...GATEWAY, traceparent }));
  expect(await spansOf(newParent({ isSampled: false }))).toEqual([]);
  expect(await spansOf(newParent())).toEqual(["POST /graphql", "query organization", "load organization"]);
});

test("failures are errors of the service, but refusals are not", async () => {
  const [refused, failed] = [newParent(), newParent()];
  await service.ask(null)("{ viewer { id } }", {}, { ...GATEWAY, traceparent: refused.traceparent });
  const refusal = named(await receiver.trace(refused.traceId, "POST /graphql"), "query viewer");
  expect(refusal).toMatchObject({ status: 0, attributes: { "error.type": "UNAUTHENTICATED" } });
  const { ask } = await service.person();
  await ask("{ viewer { id } }");
  await sql("ALTER TABLE organization RENAME TO organization_gone");
  const query = '{ organization(id: "00000000-0000-4000-8000-000000000000") { id } }';
  await ask(query, {}, { ...GATEWAY, traceparent: failed.traceparent });
  await sql("ALTER TABLE organization_gone RENAME TO organization");
  const spans = await receiver.trace(failed.traceId, "POST /graphql");
  expect(named(spans, "query organization")).toMatchObject({
    status: 2,
    attributes: { "error.type": "ERROR" },
  });
  const statement = spans.find(({ attributes }) => attributes["db.system.name"]);
  expect(statement).toMatchObject({ status: 2, attributes: { "error.type": "42P01" } });
});

test("each call to Stripe has a span, with the ids in its path replaced", async () => {
  const { ask } = await service.person();
  const id = await organizationOf(ask);
  const parent = newParent();
  const input = `{ organizationId: "${id}", planCode: "ADVANCED" }`;
  await ask(`mutation { changePlan(input: ${input}) { __typename } }`, {}, { ...GATEWAY, ...parent });
  const spans = await receiver.trace(parent.traceId, "POST /graphql");
  expect(parentName(spans, "stripe POST /v1/customers")).toBe("command changePlan");
  const calls = spans.filter(({ name }) => name.startsWith("stripe "));
  expect(calls.length).toBeGreaterThan(1);
  for (const { name, kind, attributes } of calls) {
    expect(name).toMatch(/^stripe (GET|POST|DELETE) (\/v1|\/[a-z_]+|\/:id)+$/);
    expect(kind).toBe(3);
    expect(attributes["http.response.status_code"]).toBe(200);
  }
});

test("only the first request of a person has the statements of the sign-in", async () => {
  const { ask } = await service.person();
  const [first, second] = [newParent(), newParent()];
  await ask("{ viewer { id } }", {}, { ...GATEWAY, ...first });
  await ask("{ viewer { id } }", {}, { ...GATEWAY, ...second });
  const spans = await receiver.trace(first.traceId, "POST /graphql");
  expect(parentName(spans, "sign in")).toBe("POST /graphql");
  const statements = spans.filter(({ attributes }) => attributes["db.system.name"] === "postgresql");
  expect(statements.some(({ name }) => parentName(spans, name) === "sign in")).toBe(true);
  const later = await receiver.trace(second.traceId, "POST /graphql");
  expect(later.map(({ name }) => name)).not.toContain("sign in");
});

test("an event of Stripe has a trace with its statement, and a refused one is not an error of the service", async () => {
  const [customer = ""] = stripe.customers.keys();
  const { body, signature } = stripe.event("customer.updated", customer);
  const address = `http://127.0.0.1:${service.app.port}/webhooks/stripe`;
  const send = (signed: string) => fetch(address, { method: "POST", headers: { "stripe-signature": signed }, body });
  expect((await send(signature)).status).toBe(200);
  expect((await send("t=1,v1=wrong-signature")).status).toBe(400);
  const webhooks = () => receiver.spans.filter(({ name }) => name === "POST /webhooks/stripe");
  await receiver.until(() => webhooks().length === 2);
  const [taken, refused] = webhooks();
  expect(taken).toMatchObject({ parentSpanId: null, status: 0 });
  const ofEvent = receiver.spans.filter(({ traceId }) => traceId === taken?.traceId);
  expect(parentName(ofEvent, "record-billing-event")).toBe("POST /webhooks/stripe");
  expect(refused).toMatchObject({ status: 0, attributes: { "http.response.status_code": 400 } });
  for (const secret of [customer, signature, "wrong-signature"]) expect(receiver.texts.join()).not.toContain(secret);
});

test("an operation over a WebSocket continues the trace of its upgrade request, and each event has a trace", async () => {
  const { ask, token } = await service.person();
  const id = await organizationOf(ask);
  const { traceId, spanId, traceparent } = newParent();
  const socket = new WebSocket(`ws://127.0.0.1:${service.app.port}/graphql`, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
    headers: { ...GATEWAY, traceparent },
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
  await once(socket, "message");
  const query = `subscription { organizationChanged(organizationId: "${id}") { type viewerPermissions: __typename } }`;
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
  const spans = await receiver.trace(traceId, "websocket operation");
  expect(named(spans, "websocket connection")?.parentSpanId).toBe(spanId);
  expect(named(spans, "websocket operation")?.parentSpanId).toBe(spanId);
  expect(parentName(spans, "subscription organizationChanged")).toBe("websocket operation");
  const event = once(socket, "message");
  await ask(`mutation { updateOrganization(input: { organizationId: "${id}", name: "New" }) { __typename } }`);
  await event;
  const live = await receiver.span(({ name }) => name === "live event");
  expect(live).toMatchObject({ parentSpanId: null, status: 0 });
  socket.close();
  await once(socket, "close");
});

test("a hanging collector delays neither requests nor the shutdown", async () => {
  const hanging = await TraceReceiver.start();
  hanging.hangs = true;
  const app = await service.replica({ ...hanging.environment, ...stripe.environment }, { jobs: false });
  expect((await service.ask(null, app)("{ plans { code } }")).status).toBe(200);
  await hanging.until(() => hanging.texts.length > 0);
  expect((await service.ask(null, app)("{ plans { code } }")).status).toBe(200);
  await app.close();
  // The export would time out eight seconds later.
  expect(hanging.abandoned).toBe(0);
  hanging.recover();
  await hanging.stop();
});
