/** @own-modules It looks at which packages are loaded. */
import path from "node:path";
import { createDevelopmentMailbox } from "../../src/integrations/mail/development-mailbox";
import { invite, organization } from "../support/live-organization";
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

test("the libraries for Stripe, Redis, SMTP and KMS are not loaded if unused, and GraphiQL is loaded when it is opened", async () => {
  const loaded = (name: string) => Object.keys(require.cache).some((file) => file.includes(`/node_modules/${name}/`));
  const optional = ["stripe", "@redis/client", "nodemailer", "@aws-sdk/client-kms", "@graphql-yoga/render-graphiql"];
  expect([loaded("fastify"), optional.filter(loaded)]).toEqual([true, []]);
  expect(await (await fetch(`${base}/dev/explorer`)).text()).toContain("<title>Explorer</title>");
  expect(loaded("@graphql-yoga/render-graphiql")).toBe(true);
});

test("the sign-in page lists the demo's people, and a token for one of them signs in", async () => {
  const page = await (await fetch(`${base}/dev`)).text();
  expect(page).toContain("Dana Kim");
  const { token } = (await (await askToken({ personId: "demo-dana" })).json()) as { token: string };
  const { data } = await service.ask(token)("{ viewer { name memberships { organization { name } role } } }");
  expect(data.viewer.memberships).toContainEqual({ organization: { name: "Northwind Robotics" }, role: "DEVELOPER" });
});

test("without APP_URL, the links in mails lead to the service itself", async () => {
  const [owner, guest] = [await service.person("Olga"), await service.person("Gina")];
  await invite(owner, await organization(owner), guest.email);
  const token = await service.tokenFor(guest.email);
  const mail = service.mailer.sent.find(({ to }) => to === guest.email);
  expect(mail?.text).toContain(`\nhttp://localhost:${service.app.port}/invitations/${token}\n`);
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

/** The data of one of the founder's organizations in the demo, as she reads it. */
async function demo(name: string, selection: string) {
  const { token } = (await (await askToken({ personId: "demo-olivia" })).json()) as { token: string };
  const { data, errors } = await service.ask(token)(
    `{ viewer { memberships { organization { name ${selection} } } } }`,
  );
  expect(errors).toBeUndefined();
  const organizations = data.viewer.memberships.map(
    ({ organization }: { organization: { name: string } }) => organization,
  );
  return organizations.find((organization: { name: string }) => organization.name === name);
}

interface Point {
  at: string;
  credits: number;
  calls: number;
  byokCalls: number;
}

test("the demo has used nearly 80 % of its credits, which will run out within the period, and has used its own key for a week", async () => {
  const DAY = 86_400_000;
  const to = new Date(Math.floor(Date.now() / DAY) * DAY - 1);
  const span = `from: "${new Date(to.getTime() - 34 * DAY + 1).toISOString()}", to: "${to.toISOString()}"`;
  const { subscription } = await demo(
    "Northwind Robotics",
    `subscription { currentPeriodEnd usage { credits { monthlyLimit monthlyRemaining resetsAt } forecast projectedPeriodCredits
      trend(${span}) { at credits calls byokCalls }
      trendByWorkspace(${span}) { kind points { calls } } } }`,
  );
  const { credits, forecast, projectedPeriodCredits, trend, trendByWorkspace } = subscription.usage;
  const used = 1 - credits.monthlyRemaining / credits.monthlyLimit;
  expect(used).toBeGreaterThan(0.75);
  expect(used).toBeLessThan(0.8);
  expect(credits.resetsAt).toBe(subscription.currentPeriodEnd);
  expect(Date.parse(credits.resetsAt)).toBeGreaterThan(Date.now());
  expect(projectedPeriodCredits).toBeGreaterThan(credits.monthlyLimit);
  expect(Date.parse(forecast)).toBeLessThan(Date.parse(credits.resetsAt));
  const isWeekend = ({ at }: Point) => new Date(at).getUTCDay() % 6 === 0;
  expect(trend).toHaveLength(34);
  for (const point of trend as Point[]) expect([point.at, point.calls]).toEqual([point.at, isWeekend(point) ? 3 : 18]);
  const ownKey = trend.filter(({ byokCalls }: Point) => byokCalls > 0);
  expect(ownKey).toHaveLength(7);
  for (const { calls, byokCalls, credits: spent } of ownKey) expect([byokCalls, spent]).toEqual([calls, 0]);
  expect(trend.filter(({ credits: spent }: Point) => spent > 5)).toHaveLength(27);
  expect(trendByWorkspace.map(({ kind }: { kind: string }) => kind)).toEqual(Array(3).fill("WORKSPACE"));
});

test("the demo has a scheduled downgrade and a mail that could not be delivered", async () => {
  const labs = await demo("Northwind Labs", "subscription { plan { code } scheduledPlan { code } status }");
  expect(labs.subscription).toEqual({
    plan: { code: "ADVANCED" },
    scheduledPlan: { code: "STANDARD" },
    status: "ACTIVE",
  });
  const { invitations } = await demo("Northwind Robotics", "invitations { nodes { email delivery deliveryProblem } }");
  const failed = invitations.nodes.filter(({ delivery }: { delivery: string }) => delivery === "FAILED");
  expect(failed).toEqual([
    { email: "misspelled@northwind.example", delivery: "FAILED", deliveryProblem: expect.stringMatching(/./) },
  ]);
});

test("the demo has a half-decided access review and temporary access", async () => {
  const { accessReviews, members } = await demo(
    "Northwind Robotics",
    `accessReviews { nodes { status itemCount decidedCount dueAt } }
     members(first: 100) { nodes { user { name } workspaceAccess { expiresAt } } }`,
  );
  expect(accessReviews.nodes).toMatchObject([{ status: "OPEN", itemCount: 12, decidedCount: 6 }]);
  expect(Date.parse(accessReviews.nodes[0].dueAt)).toBeGreaterThan(Date.now());
  type Member = { user: { name: string }; workspaceAccess: Array<{ expiresAt: string | null }> };
  const ending = members.nodes.filter((member: Member) => member.workspaceAccess.some(({ expiresAt }) => expiresAt));
  expect(ending.map(({ user }: Member) => user.name)).toEqual(["Victor Lindqvist"]);
});

test("a restart adds nothing to the demo", async () => {
  const count = async () => {
    const [row] = await service.app.services.database.dataSource.query(
      `SELECT (SELECT count(*) FROM organization)::int AS organizations, (SELECT count(*) FROM usage_ledger)::int AS calls,
        (SELECT count(*) FROM access_review)::int AS reviews, (SELECT count(*) FROM invitation)::int AS invitations`,
    );
    return row;
  };
  const before = await count();
  await service.replica({ SEED_DEMO: "true" });
  expect(await count()).toEqual(before);
});

test("names are shown as text, whatever they contain, until their organization is deleted", async () => {
  const person = await service.person("<script>alert(1)</script>");
  const { data } = await person.ask(`mutation { createOrganization(input: { name: "<img src=x>" }) {
    ... on CreateOrganizationSuccess { organization { id } } } }`);
  const page = await (await fetch(`${base}/dev`)).text();
  expect(page).not.toContain("<script>alert(1)");
  expect(page).not.toContain("<img src=x>");
  expect(page).toContain(person.id);
  const input = { organizationId: data.createOrganization.organization.id, confirmName: "<img src=x>" };
  await person.ask("mutation($input: DeleteOrganizationInput!) { deleteOrganization(input: $input) { __typename } }", {
    input,
  });
  expect(await (await fetch(`${base}/dev`)).text()).not.toContain(person.id);
});

test("an unverified address is marked, and a sign-in does not verify it", async () => {
  const person = await service.person("Una", false);
  await person.ask(`mutation { createOrganization(input: { name: "Una's" }) { __typename } }`);
  expect(await (await fetch(`${base}/dev`)).text()).toContain(`${person.email} (unverified)`);
  const { token } = (await (await askToken({ personId: person.id })).json()) as { token: string };
  const { data } = await service.ask(token)("{ viewer { email emailVerified } }");
  expect(data.viewer).toEqual({ email: person.email, emailVerified: false });
});

test("tokens are issued for people and services, but not to another site's page", async () => {
  expect((await askToken({})).status).toBe(400);
  expect((await askToken({ name: "N", email: "no address" })).status).toBe(400);
  for (const origin of ["https://evil.example", "null"]) {
    expect((await askToken({ personId: "demo-dana" }, { origin })).status).toBe(403);
  }
  expect((await askToken({ service: "meter", scopes: ["entities:read"] })).status).toBe(200);
});

test("pages of tokens and mails run no scripts and send no forms, and a mail's HTML is in a sandbox", async () => {
  const policyOf = async (url: string) => (await fetch(`${base}${url}`)).headers.get("content-security-policy") ?? "";
  for (const url of ["/dev", "/dev/mailbox"]) {
    expect((await policyOf(url)).replace(/nonce-[^']+/, "nonce-N")).toBe(
      "default-src 'none'; style-src 'nonce-N'; frame-src 'self'; base-uri 'none'; form-action 'none'",
    );
  }
  const [mail] = (await (await fetch(`${base}/dev/mailbox.json`)).json()) as Array<{ id: string }>;
  expect(await policyOf(`/dev/mailbox/${mail?.id ?? "none"}/html`)).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation allow-popups",
  );
});

test("the links of a mail leave its frame", async () => {
  const mailbox = createDevelopmentMailbox(path.join(service.directory, "mailbox"));
  const links = [1, 2].map((n) => `<a href="https://example.com/${n}">${n}</a>`);
  await mailbox.send({ to: "dana@example.com", subject: "Links", text: "Links", html: links.join(" ") });
  const [mail] = await mailbox.list();
  expect(await (await fetch(`${base}/dev/mailbox/${mail?.id}/html`)).text()).toBe(
    links.join(" ").replaceAll("<a", '<a target="_top"'),
  );
});

test("the explorer loads nothing from other sites", async () => {
  const page = await (await fetch(`${base}/dev/explorer`)).text();
  expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
});

test("health, readiness and metrics respond", async () => {
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${base}/metrics`)).text()).toContain("graphql_operation_duration_seconds_bucket");
});
