import http from "node:http";
import type { AddressInfo } from "node:net";
import DataLoader from "dataloader";
import { createSchema, createYoga } from "graphql-yoga";
import { Pool } from "pg";
import { decideInOrganization } from "../src/domain/decision";
import { type OrganizationPermission, permissionsInOrganization } from "../src/domain/permission";
import { planOf } from "../src/domain/plan";
import { type Reader, rowsOf } from "../src/store/engine/statement";
import { MAX_PAGE_SIZE } from "../src/store/page";
import { organizationAccessStates } from "../src/store/views/access-states";
import { memberPages } from "../src/store/views/member-pages";
import { organizationsOfPerson, visibleOrganizations } from "../src/store/views/organizations";
import type { MemberView, OrganizationView } from "../src/store/views/people";
import { accessOfMembers, type WorkspaceAccessView } from "../src/store/views/workspace-access";

const typeDefs = `
  type Query {
    viewer: User!
    organization(id: ID!): Organization
    organizationPermissions(checks: [Check!]!): [Decision!]!
  }
  input Check { organizationId: ID! permission: Permission! }
  enum Permission { EDIT_ORGANIZATION }
  type Decision { allowed: Boolean! reasons: [String!]! }
  type User { id: ID! name: String! email: String memberships: [Member!]! }
  type Organization { id: ID! name: String! viewerPermissions: [String!]! members(first: Int): Members! }
  type Members { nodes: [Member!]! }
  type Member { id: ID! role: String! joinedAt: String! user: User! organization: Organization!
    workspaceAccess: [Access!]! }
  type Access { role: String! source: String! workspace: Workspace! }
  type Workspace { id: ID! name: String! }
`;

interface LoaderContext {
  access: DataLoader<MemberView, WorkspaceAccessView[]>;
}

/**
 * The same pages by GraphQL Yoga with resolvers written by hand over the same statements, on a pool like the floor's.
 * The viewer is fixed, without a token.
 */
export async function startPeer(databaseUrl: string, userId: string): Promise<{ port: number; stop(): Promise<void> }> {
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });
  const reader: Reader = { rows: (statement, values) => rowsOf(pool, statement, values) };
  const visibility = () => ({ userId, all: false, now: new Date() });
  const yoga = createYoga<object, LoaderContext>({
    logging: false,
    graphiql: false,
    context: () => ({ access: new DataLoader((members) => accessOfMembers(reader, visibility(), members)) }),
    schema: createSchema<LoaderContext>({ typeDefs, resolvers: resolversOver(reader, userId) }),
  });
  const server = http.createServer(yoga);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      await pool.end();
    },
  };
}

function resolversOver(reader: Reader, userId: string) {
  const everyone = { search: null, roles: null };
  return {
    Query: {
      viewer: () => ({ id: userId, name: userId, email: `${userId}@example.com` }),
      organization: async (_: unknown, { id }: { id: string }) =>
        (await visibleOrganizations(reader, { userId, all: false }, [id]))[0],
      organizationPermissions: async (
        _: unknown,
        { checks }: { checks: Array<{ organizationId: string; permission: OrganizationPermission }> },
      ) => {
        const keys = checks.map(({ organizationId }) => ({ userId, placeId: organizationId }));
        const states = await organizationAccessStates(reader, keys);
        return checks.map(({ permission }, index) => {
          const state = states.find((each) => each.index === index);
          return decideInOrganization(permission, state && { ...state, plan: planOf(state.planCode) });
        });
      },
    },
    User: {
      memberships: async ({ id }: { id: string }) =>
        (await organizationsOfPerson(reader, id, { limit: MAX_PAGE_SIZE, after: null })).map(
          ({ viewerMember }) => viewerMember,
        ),
    },
    Organization: {
      viewerPermissions: ({ viewerMember }: OrganizationView) => permissionsInOrganization(viewerMember?.role ?? null),
      members: async ({ id }: OrganizationView, { first }: { first: number }) => ({
        nodes: (
          await memberPages(reader, { userId: null, all: false }, [id], everyone, "JOINED", {
            limit: first,
            after: null,
          })
        ).slice(0, first),
      }),
    },
    Member: {
      workspaceAccess: (member: MemberView, _: unknown, { access }: LoaderContext) => access.load(member),
    },
  };
}
