import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buildSubgraphSchema } from "@apollo/subgraph";
import DataLoader from "dataloader";
import { GraphQLError, parse } from "graphql";
import { createYoga } from "graphql-yoga";
import { errorIn, idIn, stringsIn, unavailable } from "./representation";

/** What the second subgraph says it has. */
export const agentsSdl = readFileSync(path.join(__dirname, "agents.graphql"), "utf8");

interface Workspace {
  id: string;
  /** As the gateway brings it: a list, nothing, or the error that reading it ended with. */
  viewerPermissions?: unknown;
}

interface Context {
  decisions: DataLoader<string, Decision>;
}

interface Decision {
  allowed: boolean;
  reasons: string[];
}

interface Agent {
  id: string;
  name: string;
  workspace: Workspace;
}

const NAMES = ["Cost watcher", "Incident responder"];
/** Every workspace has the same two agents: an example stores nothing but its runs. */
function agentsOf(workspaceId: string): Agent[] {
  return NAMES.map((name, index) => ({ id: `${workspaceId}.${index}`, name, workspace: { id: workspaceId } }));
}

function agentOf(id: string): Agent | null {
  return agentsOf(id.split(".")[0] ?? "").find((agent) => agent.id === id) ?? null;
}

const mayRun = ({ viewerPermissions }: Workspace) => stringsIn(viewerPermissions)?.includes("RUN_OPERATIONS") ?? false;

const resolvers = {
  Query: {
    agent: (_: unknown, { id }: { id: string }) => agentOf(id),
  },
  Mutation: {
    startRun: async (_: unknown, { agentId }: { agentId: string }, { decisions }: Context) => {
      const agent = agentOf(agentId);
      if (!agent) throw new GraphQLError("There is no such agent.", { extensions: { code: "NOT_FOUND" } });
      const { allowed, reasons } = await decisions.load(agent.workspace.id);
      return { id: randomUUID(), agent, status: allowed ? "RUNNING" : "REFUSED", reasons };
    },
  },
  Agent: { __resolveReference: async ({ id }: Agent) => agentOf(idIn(id)) },
  Workspace: {
    // What is @required comes along with the id: the organizations service's decision, asked by the gateway.
    __resolveReference: async (workspace: Workspace) => ({ ...workspace, id: idIn(workspace.id) }),
    agents: ({ id }: Workspace) => agentsOf(id),
    mayRunAgents: mayRun,
  },
};

const MAY_RUN = `query MayRun($checks: [WorkspacePermissionCheck!]!) {
  workspacePermissions(checks: $checks) { allowed reasons }
}`;

/** Asks the organizations service, as the viewer, what they may: all workspaces of one request at once. */
function decisionsOf(organizationsUrl: string, { headers }: Request): DataLoader<string, Decision> {
  const authorization = headers.get("authorization");
  return new DataLoader(async (ids) => {
    const checks = ids.map((workspaceId) => ({ workspaceId, permission: "RUN_OPERATIONS" }));
    const { data, errors } = await request(organizationsUrl, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization && { authorization }) },
      body: JSON.stringify({ query: MAY_RUN, variables: { checks } }),
    });
    if (data) return data.workspacePermissions;
    throw errorIn(errors?.[0]);
  });
}

async function request(url: string, request: RequestInit): Promise<Answer> {
  try {
    return (await (await fetch(url, request)).json()) as Answer;
  } catch {
    throw unavailable();
  }
}

interface Answer {
  data?: { workspacePermissions: Decision[] } | null;
  errors?: unknown[];
}

/** Starts the example on a free port. It answers only who knows `secret`: it believes what the gateway tells it. */
export async function startAgents(
  organizationsUrl: string,
  secret: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const yoga = createYoga<object, Context>({
    context: ({ request }) => ({ decisions: decisionsOf(organizationsUrl, request) }),
    schema: buildSubgraphSchema([{ typeDefs: parse(agentsSdl), resolvers }]),
    logging: false,
    plugins: [
      {
        onRequest: ({ request, endResponse, fetchAPI }) => {
          if (request.headers.get("gateway-secret") !== secret)
            endResponse(new fetchAPI.Response(null, { status: 403 }));
        },
      },
    ],
  });
  const server = http.createServer(yoga);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
