import { composeServices as composeByApollo } from "@apollo/composition";
import { parse } from "graphql";
import { agentsSdl } from "../../examples/agents/start-agents";
import { composeSupergraph, startGateway } from "../../examples/gateway/start-gateway";
import { buildSubgraph } from "../../src/server/graphql/schema";
import { begun } from "../support/begun-streams";
import { join, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";
import { withoutBackgroundStatements } from "../support/without-background-statements";

const SECRET = "the-secret-of-the-gateway";
let service: RunningService;
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  withoutBackgroundStatements();
  service = await RunningService.start({ GATEWAY_SECRETS: SECRET });
  const organizationsUrl = `http://127.0.0.1:${service.app.port}/graphql`;
  gateway = await startGateway({ port: 0, organizationsUrl, gatewaySecret: SECRET });
});
afterAll(async () => {
  await gateway.stop();
  await service.stop();
});

async function ask(token: string | null, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(gateway.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify({ query }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  return (await response.json()) as { data: any; errors?: Array<{ message: string; extensions?: { code?: string } }> };
}

const PAGE = `{ viewer { name memberships { organization { id workspaces { nodes {
  id name mayRunAgents agents { id name } } } } } } }`;

test("the two subgraphs compose with the open library and with Apollo's", () => {
  const urls = { organizations: "http://o.example", agents: "http://a.example" };
  expect(composeSupergraph(urls)).toContain("join__Graph");
  const { sdl } = buildSubgraph();
  const services = [
    { name: "organizations", typeDefs: parse(sdl), url: urls.organizations },
    { name: "agents", typeDefs: parse(agentsSdl), url: urls.agents },
  ];
  const { errors, supergraphSdl } = composeByApollo(services);
  expect(errors).toBeUndefined();
  expect(supergraphSdl).toContain("join__Graph");
});

test("one query reads a workspace from here and its agents from the other subgraph", async () => {
  const { token } = await service.person("Ada");
  const { data, errors } = await ask(token, PAGE);
  expect(errors).toBeUndefined();
  const [workspace] = data.viewer.memberships[0].organization.workspaces.nodes;
  expect(workspace).toMatchObject({ mayRunAgents: true });
  expect(workspace.agents.map(({ name }: { name: string }) => name)).toEqual(["Cost watcher", "Incident responder"]);
});

test("only people with RUN_OPERATIONS can start a run, by this service's decision", async () => {
  const owner = await service.person("Olga");
  const viewer = await service.person("Vic");
  const own = await ask(owner.token, PAGE);
  const organization = own.data.viewer.memberships[0].organization;
  const [workspace] = organization.workspaces.nodes;
  const id = organization.id;
  await ask(
    owner.token,
    `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`,
  );
  const invited = await ask(
    owner.token,
    `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["${viewer.email}"], role: VIEWER,
      workspaces: [{ workspaceId: "${workspace.id}" }] }) { ... on InviteMembersSuccess { invitations { id } } } }`,
  );
  const [invitation] = invited.data.inviteMembers.invitations;
  await ask(viewer.token, `mutation { acceptInvitation(input: { invitationId: "${invitation.id}" }) { __typename } }`);
  const start = `mutation { startRun(agentId: "${workspace.agents[0].id}") { status reasons agent { name } } }`;
  expect((await ask(owner.token, start)).data.startRun).toMatchObject({ status: "RUNNING" });
  const refused = (await ask(viewer.token, start)).data.startRun;
  expect(refused.status).toBe("REFUSED");
  expect(refused.reasons.at(-1)).toBe("The role Viewer lacks RUN_OPERATIONS.");
  expect((await ask((await service.person("Sam")).token, start)).data.startRun.status).toBe("REFUSED");
  expect((await ask(null, start)).errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
});

test("decisions about many workspaces are requested together", async () => {
  const { token } = await service.person("Max");
  const own = await ask(token, PAGE);
  const { id } = own.data.viewer.memberships[0].organization;
  await ask(
    token,
    `mutation { changePlan(input: { organizationId: "${id}", planCode: "ENTERPRISE" }) { __typename } }`,
  );
  const { database } = service.app.services;
  const cost = async () => {
    const before = database.statementCount();
    expect((await ask(token, PAGE)).errors).toBeUndefined();
    return database.statementCount() - before;
  };
  const one = await cost();
  for (let n = 0; n < 20; n++) {
    const input = `{ organizationId: "${id}", name: "W${n}", cloudProvider: AWS }`;
    await ask(token, `mutation { createWorkspace(input: ${input}) { __typename } }`);
  }
  expect(await cost()).toBe(one);
});

const SUBSCRIBE = `subscription($id: ID!) { membershipChanged(organizationId: $id) { change member { role user { name }
  workspaceAccess { workspace { name mayRunAgents agents { name } } } } } }`;

test.each(["WebSocket", "event stream"])(
  "changes reach a client through the gateway by %s, with fields of the other subgraph",
  async (transport) => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const { port } = new URL(gateway.url);
    const { live } = service.app;
    const subscription = await begun(live, () =>
      transport === "WebSocket"
        ? subscribeBySocket(connect(Number(port), owner.token), SUBSCRIBE, { id })
        : subscribeByEvents(Number(port), owner.token, SUBSCRIBE, { id }, "/graphql"),
    );
    const joined = await join(service, owner, id, "ADMIN");
    const [event] = await subscription.count(1);
    expect(event?.errors).toBeUndefined();
    expect(event?.data.membershipChanged).toMatchObject({
      change: "JOINED",
      member: { role: "ADMIN", user: { name: "Joined" } },
    });
    const [access] = event?.data.membershipChanged.member.workspaceAccess ?? [];
    expect(access.workspace).toMatchObject({ name: "Default", mayRunAgents: true });
    expect(access.workspace.agents).toHaveLength(2);
    await owner.ask(
      `mutation { removeMember(input: { organizationId: "${id}", memberId: "${joined.memberId}" }) { __typename } }`,
    );
    expect((await subscription.count(2))[1]?.data.membershipChanged).toEqual({ change: "REMOVED", member: null });
    subscription.stop();
    while (live.size > 0) await new Promise((resolve) => setImmediate(resolve));
  },
);

test.each([
  ["nobody", "UNAUTHENTICATED"],
  ["a stranger", "NOT_FOUND"],
])("a stream through the gateway for %s is refused with the service's message", async (who, code) => {
  const id = await organization(await service.person());
  const token = who === "nobody" ? null : (await service.person()).token;
  const { port } = new URL(gateway.url);
  const received = await subscribeBySocket(connect(Number(port), token), SUBSCRIBE, { id }).over();
  expect(received.at(-1)?.errors?.[0]?.extensions.code).toBe(code);
});

test("the gateway's graph lacks fields for services; errors and Idempotency-Keys pass through it", async () => {
  const { token } = await service.person("Ida");
  const hidden = await ask(token, 'mutation { provisionUser(input: { id: "x", name: "x" }) { __typename } }');
  expect(hidden.errors?.[0]?.message).toMatch(/Cannot query field "provisionUser"/);
  expect((await ask(null, "{ viewer { id } }")).errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
  const create =
    'mutation { createOrganization(input: { name: "Once" }) { ... on CreateOrganizationSuccess { organization { id } } } }';
  const answers = [];
  for (let n = 0; n < 2; n++) answers.push(await ask(token, create, { "idempotency-key": "k1" }));
  expect(answers[0]?.data.createOrganization.organization.id).toBe(answers[1]?.data.createOrganization.organization.id);
});
