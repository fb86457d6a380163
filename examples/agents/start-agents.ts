import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buildSubgraphSchema } from "@apollo/subgraph";
import DataLoader from "dataloader";
import { GraphQLError, parse } from "graphql";
import { createYoga } from "graphql-yoga";
import { type Agent, AgentStore } from "./agent-store";
import { askOrganizations } from "./ask-organizations";
import type { Decision, DecisionCache } from "./decision-cache";
import { followOrganizations, type ServiceOptions } from "./follow-organizations";
import { Identities } from "./identities";
import { idIn, stringsIn } from "./representation";

/** The schema of the second subgraph. */
export const agentsSdl = readFileSync(path.join(__dirname, "agents.graphql"), "utf8");

interface Workspace {
  id: string;
  /** The value from the gateway: a list, nothing, or the error of the read. */
  viewerPermissions?: unknown;
}

interface Context {
  store: AgentStore;
  decide(workspaceId: string): Promise<Pick<Decision, "allowed" | "reasons">>;
}

const mayRun = ({ viewerPermissions }: Workspace) => stringsIn(viewerPermissions)?.includes("RUN_OPERATIONS") ?? false;

const resolvers = {
  Query: {
    agent: (_: unknown, { id }: { id: string }, { store }: Context) => store.find(id),
  },
  Mutation: {
    startRun: async (_: unknown, { agentId }: { agentId: string }, { store, decide }: Context) => {
      const agent = store.find(agentId);
      if (!agent) throw new GraphQLError("There is no such agent.", { extensions: { code: "NOT_FOUND" } });
      const { allowed, reasons } = await decide(agent.workspace.id);
      return { id: randomUUID(), agent, status: allowed ? "RUNNING" : "REFUSED", reasons };
    },
  },
  Agent: { __resolveReference: async ({ id }: Agent, { store }: Context) => store.find(idIn(id)) },
  Workspace: {
    // The gateway sends the @requires fields with the id: the decision of the organizations service.
    __resolveReference: async (workspace: Workspace) => ({ ...workspace, id: idIn(workspace.id) }),
    agents: ({ id }: Workspace, _: unknown, { store }: Context) => store.agentsOf(id),
    mayRunAgents: mayRun,
  },
};

const MAY_RUN = `query MayRun($checks: [WorkspacePermissionCheck!]!) {
  workspacePermissions(checks: $checks) { allowed reasons }
}`;

/** Checks permissions as the viewer, without a token of its own, for all workspaces of one request at once. */
function decideAsViewer(url: string, authorization: string | null): Context["decide"] {
  const loader = new DataLoader(async (ids: readonly string[]) => {
    const checks = ids.map((workspaceId) => ({ workspaceId, permission: "RUN_OPERATIONS" }));
    const operation = { query: MAY_RUN, variables: { checks } };
    const { workspacePermissions } = await askOrganizations<{
      workspacePermissions: Array<Pick<Decision, "allowed" | "reasons">>;
    }>(url, authorization, operation);
    return workspacePermissions;
  });
  return (workspaceId) => loader.load(workspaceId);
}

/** A running example. */
export interface Agents {
  url: string;
  store: AgentStore;
  /** Null without ServiceOptions. */
  cache: DecisionCache | null;
  stop(): Promise<void>;
}

/**
 * Starts the example on a free port. It answers only callers that know `secret`, because it trusts the gateway's data.
 */
export async function startAgents(organizationsUrl: string, secret: string, service?: ServiceOptions): Promise<Agents> {
  const store = new AgentStore(service?.stateFile ?? null);
  const following = service ? followOrganizations(organizationsUrl, store, service) : null;
  const identities = new Identities(organizationsUrl);
  const decideFor = (authorization: string | null): Context["decide"] => {
    if (!following) return decideAsViewer(organizationsUrl, authorization);
    return async (workspaceId) => {
      const userId = await identities.idOf(authorization);
      return await following.cache.decide({ userId, workspaceId });
    };
  };
  const server = http.createServer(createServer(secret, store, decideFor));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    store,
    cache: following?.cache ?? null,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await following?.stop();
    },
  };
}

function createServer(
  secret: string,
  store: AgentStore,
  decideFor: (authorization: string | null) => Context["decide"],
) {
  return createYoga<object, Context>({
    context: ({ request }) => ({ store, decide: decideFor(request.headers.get("authorization")) }),
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
}
