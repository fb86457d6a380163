import { RunningService } from "../support/service";

let service: RunningService;
let base: string;
beforeAll(async () => {
  service = await RunningService.start({ SEED_DEMO: "true" });
  base = `http://127.0.0.1:${service.app.port}`;
});
afterAll(() => service.stop());

const askToken = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${base}/dev/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

test("the sign-in page lists the demo's people, and a token for one of them signs in", async () => {
  const page = await (await fetch(`${base}/dev`)).text();
  expect(page).toContain("Dana Kim");
  const { token } = (await (await askToken({ personId: "demo-dana" })).json()) as { token: string };
  const { data } = await service.ask(token)("{ viewer { name memberships { organization { name } role } } }");
  expect(data.viewer.memberships).toContainEqual({ organization: { name: "Northwind Robotics" }, role: "DEVELOPER" });
});

test("the demo is one organization in use: a dozen members, three workspaces, invitations of every kind", async () => {
  const { token } = (await (await askToken({ personId: "demo-olivia" })).json()) as { token: string };
  const { data } = await service.ask(token)(`{ viewer { memberships { organization { name subscription { plan { code } }
    members { totalCount } workspaces { totalCount } invitations(statuses: [PENDING, ACCEPTED, EXPIRED]) { nodes { status } } } } } }`);
  const demo = data.viewer.memberships[1].organization;
  expect(demo).toMatchObject({
    subscription: { plan: { code: "ADVANCED" } },
    members: { totalCount: 12 },
    workspaces: { totalCount: 3 },
  });
  const statuses = new Set(demo.invitations.nodes.map(({ status }: { status: string }) => status));
  expect(statuses).toEqual(new Set(["PENDING", "ACCEPTED", "EXPIRED"]));
});

test("names are shown as text, whatever they are", async () => {
  const person = await service.person("<script>alert(1)</script>");
  await person.ask(`mutation { createOrganization(input: { name: "<img src=x>" }) { __typename } }`);
  const page = await (await fetch(`${base}/dev`)).text();
  expect(page).not.toContain("<script>alert(1)");
  expect(page).not.toContain("<img src=x>");
});

test("an unverified address is marked, and stays unverified when its person signs in", async () => {
  const person = await service.person("Una", false);
  await person.ask(`mutation { createOrganization(input: { name: "Una's" }) { __typename } }`);
  expect(await (await fetch(`${base}/dev`)).text()).toContain(`${person.email} (unverified)`);
  const { token } = (await (await askToken({ personId: person.id })).json()) as { token: string };
  const { data } = await service.ask(token)("{ viewer { email emailVerified } }");
  expect(data.viewer).toEqual({ email: person.email, emailVerified: false });
});

test("tokens are made for people and services, and not for another site's page", async () => {
  expect((await askToken({})).status).toBe(400);
  expect((await askToken({ name: "N", email: "no address" })).status).toBe(400);
  expect((await askToken({ personId: "demo-dana" }, { origin: "https://evil.example" })).status).toBe(403);
  expect((await askToken({ service: "meter", scopes: ["entities:read"] })).status).toBe(200);
});

test("the explorer brings everything along and fetches nothing from elsewhere", async () => {
  const page = await (await fetch(`${base}/dev/explorer`)).text();
  expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
});

test("health, readiness and metrics are answered", async () => {
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${base}/metrics`)).text()).toContain("graphql_operation_duration_seconds_bucket");
});
