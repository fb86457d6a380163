import { startGateway } from "../../examples/gateway/start-gateway";
import { DatabaseProxy } from "../support/database-proxy";
import { RunningService } from "../support/service";

let service: RunningService;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let proxy: DatabaseProxy;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  proxy = await DatabaseProxy.open();
  const behind = await service.replica({ DATABASE_URL: proxy.url(service.databaseUrl) }, { jobs: false });
  const organizationsUrl = `http://127.0.0.1:${behind.port}/graphql`;
  gateway = await startGateway({ port: 0, organizationsUrl, gatewaySecret: undefined });
});
afterAll(async () => {
  await gateway.stop();
  await service.stop();
  proxy.close();
});

async function send(token: string, query: string, key: string) {
  const response = await fetch(gateway.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": key },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
    data: any;
    errors?: Array<{ message: string; extensions: object }>;
  };
  return { status: response.status, retryAfter: response.headers.get("retry-after"), data, error: errors?.[0] };
}

const CREATE = `mutation { createOrganization(input: { name: "Once" }) {
  ... on CreateOrganizationSuccess { organization { id } } } }`;

test.each(["before", "after"] as const)("a commit in doubt passes through the gateway: cut %s it", async (when) => {
  const { token, ask } = await service.person();
  await send(token, "{ viewer { id } }", "");
  const cut = proxy.cutAt("COMMIT", when);
  const first = await send(token, CREATE, "k");
  await cut;
  expect(first).toMatchObject({ status: 503, retryAfter: "5" });
  expect(first.error?.extensions).toMatchObject({ code: "UNAVAILABLE", mayHaveHappened: true, retryAfterSeconds: 5 });
  expect(first.error?.extensions).not.toHaveProperty("http");
  const again = await send(token, CREATE, "k");
  expect(again.data.createOrganization.organization.id).toBeDefined();
  expect((await ask("{ viewer { memberships { id } } }")).data.viewer.memberships).toHaveLength(2);
});

test("a lost database is UNAVAILABLE through the gateway, with nothing changed", async () => {
  const { token } = await service.person();
  await send(token, "{ viewer { id } }", "");
  const { target } = proxy;
  proxy.cut();
  const answers = [await send(token, CREATE, "k"), await send(token, "{ viewer { memberships { id } } }", "")];
  proxy.target = target;
  expect(answers[0]).toMatchObject({ status: 503, retryAfter: "5" });
  for (const { error } of answers) {
    expect(error?.extensions).toMatchObject({ code: "UNAVAILABLE", retryAfterSeconds: 5 });
    expect(error?.extensions).not.toHaveProperty("mayHaveHappened");
  }
});
