import path from "node:path";
import { type Agents, startAgents } from "../../examples/agents/start-agents";
import type { App } from "../../src/app";
import { DatabaseProxy } from "../support/database-proxy";
import { join, organization } from "../support/live-organization";
import { type Person, RunningService } from "../support/service";

const SECRET = "the-secret-of-the-agents";
/** With PROVE_REVOCATIONS there are many, and the time until they take effect is measured, too. */
const REVOCATIONS = Number(process.env.PROVE_REVOCATIONS ?? 10);
const IS_MEASURED = process.env.PROVE_REVOCATIONS !== undefined;

let service: RunningService;
let other: App;
let owner: Person;
let organizationId: string;
let proxy: DatabaseProxy;
let agents: Agents;
let following: boolean[];
beforeAll(async () => {
  service = await RunningService.start();
  // Every change is made on the first replica; the agents are connected to the second.
  other = await service.replica();
  owner = await service.person("Olga");
  organizationId = await organization(owner);
  proxy = await DatabaseProxy.open();
});
afterAll(async () => {
  proxy.close();
  await service.stop();
});
beforeEach(async () => {
  agents = await start();
});
afterEach(() => agents.stop());

async function start(): Promise<Agents> {
  following = [];
  const started = await startAgents(proxy.url(`http://127.0.0.1:${other.port}/graphql`), SECRET, {
    token: () => service.issuer.issueForService("agents", ["permissions:read", "events:read"]),
    stateFile: path.join(service.directory, "agents.json"),
    onFollowing: (isFollowing) => following.push(isFollowing),
  });
  await until(() => following.at(-1) === true);
  return started;
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

interface Run {
  data?: { startRun: { status: "RUNNING" | "REFUSED"; reasons: string[] } } | null;
  errors?: Array<{ extensions: { code: string } }>;
}

async function post(query: string, { token }: Person): Promise<Run> {
  const headers = { "content-type": "application/json", "gateway-secret": SECRET, authorization: `Bearer ${token}` };
  const response = await fetch(agents.url, { method: "POST", headers, body: JSON.stringify({ query }) });
  return (await response.json()) as Run;
}

const startRun = (person: Person, workspaceId: string) =>
  post(`mutation { startRun(agentId: "${workspaceId}.0") { status reasons } }`, person);
const statusOf = async (person: Person, workspaceId: string) => {
  const { data, errors } = await startRun(person, workspaceId);
  return data?.startRun.status ?? errors?.[0]?.extensions.code;
};
const requests = () => agents.cache?.requests ?? 0;

async function createWorkspace(name: string): Promise<string> {
  const { data } = await owner.ask(
    `mutation { createWorkspace(input: { organizationId: "${organizationId}", name: "${name}", cloudProvider: AWS }) {
      ... on CreateWorkspaceSuccess { workspace { id } } } }`,
  );
  return data.createWorkspace.workspace.id;
}

async function grant(memberId: string, workspaceId: string, role: "DEVELOPER" | "VIEWER"): Promise<void> {
  const { data } = await owner.ask(
    `mutation { grantWorkspaceAccess(input: { organizationId: "${organizationId}", workspaceId: "${workspaceId}",
      memberId: "${memberId}", roleOverride: ${role} }) { __typename } }`,
  );
  expect(data.grantWorkspaceAccess.__typename).toBe("GrantWorkspaceAccessSuccess");
}

async function memberWith(workspaceId: string) {
  const member = await join(service, owner, organizationId, "DEVELOPER");
  await grant(member.memberId, workspaceId, "DEVELOPER");
  return member;
}

test(`a right that is revoked on another replica ends here ${REVOCATIONS} times, without a repeated check`, async () => {
  const workspaceId = await createWorkspace("Revoked");
  const member = await memberWith(workspaceId);
  const times: number[] = [];
  // Events of the set-up that arrive later would drop cached decisions.
  await settle();
  for (let n = 0; n < REVOCATIONS; n++) {
    const before = requests();
    expect(await statusOf(member, workspaceId)).toBe("RUNNING");
    for (const _ of [1, 2, 3]) expect(await statusOf(member, workspaceId)).toBe("RUNNING");
    expect(requests() - before).toBe(1);
    await grant(member.memberId, workspaceId, "VIEWER");
    const revokedAt = performance.now();
    const statuses: unknown[] = [];
    while (statuses.at(-1) !== "REFUSED") statuses.push(await statusOf(member, workspaceId));
    times.push(performance.now() - revokedAt);
    // Each decision came from the cache until the event arrived; then the service decided once.
    expect(new Set(statuses.slice(0, -1))).toEqual(new Set(statuses.length > 1 ? ["RUNNING"] : []));
    expect(await statusOf(member, workspaceId)).toBe("REFUSED");
    expect(requests() - before).toBe(2);
    await grant(member.memberId, workspaceId, "DEVELOPER");
    while ((await statusOf(member, workspaceId)) === "REFUSED");
    await settle();
  }
  times.sort((a, b) => a - b);
  if (IS_MEASURED) expect(times[Math.ceil(REVOCATIONS * 0.99) - 1]).toBeLessThan(250);
});

/** Waits until all events have arrived: writes an event, and waits for it. */
async function settle(): Promise<void> {
  const workspaceId = await createWorkspace(`Settled ${performance.now()}`);
  await owner.ask(
    `mutation { deleteWorkspace(input: { organizationId: "${organizationId}", workspaceId: "${workspaceId}" }) { __typename } }`,
  );
  await until(() => agents.store.agentsOf(workspaceId).length === 0);
}

test("the agents of a deleted workspace are gone", async () => {
  const [gone, stays] = [await createWorkspace("Gone"), await createWorkspace("Stays")];
  expect(agents.store.agentsOf(gone)).toHaveLength(2);
  await owner.ask(
    `mutation { deleteWorkspace(input: { organizationId: "${organizationId}", workspaceId: "${gone}" }) { __typename } }`,
  );
  await until(() => agents.store.agentsOf(gone).length === 0);
  expect(agents.store.agentsOf(stays)).toHaveLength(2);
  expect(await statusOf(owner, gone)).toBe("NOT_FOUND");
});

test("after a disconnection no stale decision is used, and missed events take effect", async () => {
  const [workspaceId, gone] = [await createWorkspace("Cut off"), await createWorkspace("Gone meanwhile")];
  const member = await memberWith(workspaceId);
  await settle();
  expect(await statusOf(member, workspaceId)).toBe("RUNNING");
  const target = proxy.target;
  proxy.cut();
  await until(() => following.at(-1) === false);
  // The service is unreachable: there is no decision instead of an old one.
  expect(await statusOf(member, workspaceId)).toBe("UNAVAILABLE");
  await grant(member.memberId, workspaceId, "VIEWER");
  await owner.ask(
    `mutation { deleteWorkspace(input: { organizationId: "${organizationId}", workspaceId: "${gone}" }) { __typename } }`,
  );
  proxy.target = target;
  let status: unknown;
  do status = await statusOf(member, workspaceId);
  while (status === "UNAVAILABLE");
  expect(status).toBe("REFUSED");
  await until(() => following.at(-1) === true && agents.store.agentsOf(gone).length === 0);
  expect(await statusOf(member, workspaceId)).toBe("REFUSED");
});

test("after a restart no stale decision is used, and missed events take effect", async () => {
  const [workspaceId, gone] = [await createWorkspace("Restarted"), await createWorkspace("Gone at restart")];
  const member = await memberWith(workspaceId);
  expect(await statusOf(member, workspaceId)).toBe("RUNNING");
  await agents.stop();
  await grant(member.memberId, workspaceId, "VIEWER");
  await owner.ask(
    `mutation { deleteWorkspace(input: { organizationId: "${organizationId}", workspaceId: "${gone}" }) { __typename } }`,
  );
  agents = await start();
  expect(agents.store.agentsOf(gone)).toEqual([]);
  expect(await statusOf(member, workspaceId)).toBe("REFUSED");
});

test("when a replica stops, the agents connect to the next one, and no stale decision is used", async () => {
  const workspaceId = await createWorkspace("Moved");
  const member = await memberWith(workspaceId);
  await settle();
  expect(await statusOf(member, workspaceId)).toBe("RUNNING");
  await other.close();
  await until(() => following.at(-1) === false);
  await grant(member.memberId, workspaceId, "VIEWER");
  other = await service.replica();
  proxy.url(`http://127.0.0.1:${other.port}/graphql`);
  await until(() => following.at(-1) === true);
  expect(await statusOf(member, workspaceId)).toBe("REFUSED");
  const before = requests();
  expect(await statusOf(member, workspaceId)).toBe("REFUSED");
  expect(requests()).toBe(before);
});
