import { randomUUID } from "node:crypto";
import { RunningService } from "../support/service";
import { newParent, type ReceivedSpan, TraceReceiver } from "../support/trace-receiver";

const SECRET = "gateway-secret-of-the-test";
const GATEWAY = { "gateway-secret": SECRET };

let receiver: TraceReceiver;
let service: RunningService;
beforeAll(async () => {
  receiver = await TraceReceiver.start();
  const environment = { ...receiver.environment, GATEWAY_SECRETS: SECRET, OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b" };
  service = await RunningService.start(environment);
});
afterAll(async () => {
  await service.stop();
  await receiver.stop();
});

/** The name of a span's parent in the same trace; null at the trace's edge. */
function parentName(spans: readonly ReceivedSpan[], name: string): string | null {
  const span = spans.find((each) => each.name === name);
  if (!span) throw new Error(`There is no span '${name}' among ${spans.map((each) => each.name).join(", ")}.`);
  return spans.find(({ spanId }) => spanId === span.parentSpanId)?.name ?? null;
}

async function organizationOf(ask: RunningService["ask"] extends (...a: never[]) => infer Ask ? Ask : never) {
  const { data } = await ask("{ viewer { memberships { organization { id } } } }");
  return data.viewer.memberships[0].organization.id as string;
}

test("a trace of the gateway goes on through request, operation, loader, statement, command and job", async () => {
  const { ask } = await service.person();
  const id = await organizationOf(ask);
  await ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  const read = newParent();
  await ask(`query Named { organization(id: "${id}") { name members { nodes { id } } } }`, {}, { ...GATEWAY, ...read });
  const spans = await receiver.trace(read.traceId, "POST /graphql");
  expect(spans.find(({ name }) => name === "POST /graphql")).toMatchObject({
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
  const written = await receiver.trace(change.traceId, "job send-invitation");
  expect(parentName(written, "command inviteMembers")).toBe("mutation inviteMembers");
  expect(parentName(written, "transaction")).toBe("command inviteMembers");
  expect(parentName(written, "INSERT invitation")).toBe("transaction");
  expect(parentName(written, "record-changes")).toBe("transaction");
  expect(parentName(written, "COMMIT")).toBe("transaction");
  expect(parentName(written, "job send-invitation")).toBe("transaction");
  expect(written.find(({ name }) => name === "job send-invitation")?.kind).toBe(5);
  expect(receiver.texts.join()).not.toContain(address);
  expect(receiver.texts.join()).not.toContain("Named");
  expect(receiver.texts.every((text) => text.includes('"x-key":"a b"'))).toBe(true);
});
