import { startAgents } from "../../examples/agents/start-agents";
import { startGateway } from "../../examples/gateway/start-gateway";
import { RunningService } from "../support/service";

const SECRET = "the-secret-of-the-gateway";
const AGENTS_SECRET = "the-secret-of-the-agents";
let service: RunningService;
let gateway: Awaited<ReturnType<typeof startGateway>>;
/** The second subgraph without an organizations service. */
let agents: Awaited<ReturnType<typeof startAgents>>;
beforeAll(async () => {
  service = await RunningService.start({ GATEWAY_SECRETS: SECRET });
  const organizationsUrl = `http://127.0.0.1:${service.app.port}/graphql`;
  gateway = await startGateway({ port: 0, organizationsUrl, gatewaySecret: SECRET });
  agents = await startAgents("http://127.0.0.1:1/graphql", AGENTS_SECRET);
});
afterAll(async () => {
  await agents.stop();
  await gateway.stop();
  await service.stop();
});

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  data?: any;
  errors?: Array<{ message: string; extensions: { code: string; retryAfterSeconds?: number } }>;
}

async function post(url: string, body: object, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

async function workspaceOf(person: Awaited<ReturnType<RunningService["person"]>>): Promise<string> {
  const { data } = await person.ask("{ viewer { memberships { organization { workspaces { nodes { id } } } } } }");
  return data.viewer.memberships[0].organization.workspaces.nodes[0].id;
}

test("signed-in viewers can read whether agents may be run; anonymous ones get UNAUTHENTICATED", async () => {
  const owner = await service.person("Olga");
  const query = `{ agent(id: "${await workspaceOf(owner)}.0") { name workspace { mayRunAgents } } }`;
  const ask = (token?: string) => post(gateway.url, { query }, token ? { authorization: `Bearer ${token}` } : {});
  expect((await ask(owner.token)).data.agent.workspace.mayRunAgents).toBe(true);
  expect((await ask((await service.person("Sam")).token)).data?.agent.workspace.mayRunAgents).toBe(false);
  expect((await ask()).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  expect((await ask("no.token.atall")).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
});

const ENTITIES = `query($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Workspace { mayRunAgents } ... on Agent { name } } }`;
const entity = (representation: object) =>
  post(
    agents.url,
    { query: ENTITIES, variables: { representations: [representation] } },
    { "gateway-secret": AGENTS_SECRET },
  );
const failed = (code?: string, more: object = {}) => ({ message: "It failed.", extensions: { code, ...more } });

test.each([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_USER_INPUT",
  "RATE_LIMITED",
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
])("an error object in a representation becomes an error with its code: %s", async (code) => {
  for (const broken of [
    { __typename: "Workspace", id: "w", viewerPermissions: failed(code, { retryAfterSeconds: 7 }) },
    { __typename: "Workspace", id: failed(code, { retryAfterSeconds: 7 }), viewerPermissions: [] },
    { __typename: "Agent", id: failed(code, { retryAfterSeconds: 7 }) },
  ]) {
    const [error] = (await entity(broken)).errors ?? [];
    expect(error).toMatchObject({ message: "It failed.", extensions: { code, retryAfterSeconds: 7 } });
  }
});

test.each([
  ["an error of its own", failed("INTERNAL_SERVER_ERROR", { requestId: "r" })],
  ["an error of the gateway", failed("DOWNSTREAM_SERVICE_ERROR")],
  ["an error without a code", { message: "It failed." }],
  ["an empty object", {}],
  ["text with the permission", "RUN_OPERATIONS"],
  ["a number", 1],
  ["true", true],
])("anything else in its place becomes UNAVAILABLE: %s", async (_, viewerPermissions) => {
  const { errors } = await entity({ __typename: "Workspace", id: "w", viewerPermissions });
  expect(errors?.[0]?.extensions).toMatchObject({ code: "UNAVAILABLE", retryAfterSeconds: 5 });
});

test.each([
  [["RUN_OPERATIONS"], true],
  [["VIEW_WORKSPACE"], false],
  [[null, failed("NOT_FOUND")], false],
  [[], false],
  [null, false],
  [undefined, false],
])("the permissions %j give: %s", async (viewerPermissions, mayRunAgents) => {
  const { data } = await entity({ __typename: "Workspace", id: "w", viewerPermissions });
  expect(data._entities).toEqual([{ mayRunAgents }]);
});

test("without the organizations service a run is UNAVAILABLE", async () => {
  const query = 'mutation { startRun(agentId: "w.0") { status } }';
  const { errors } = await post(agents.url, { query }, { "gateway-secret": AGENTS_SECRET });
  expect(errors?.[0]?.extensions).toMatchObject({ code: "UNAVAILABLE", retryAfterSeconds: 5 });
});
