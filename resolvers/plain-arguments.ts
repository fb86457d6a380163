import type { GraphQLResolveInfo } from "graphql";
import type { RecordUsageInput } from "../schema/inputs/usage";
import type { OrganizationPermissionCheck, PermissionCheck, WorkspacePermissionCheck } from "../schema/permission";
import type { Context } from "../src/context";
import { PermissionResolver } from "./permission";
import { runnerOf } from "./run-mutation";
import { UsageMutations } from "./usage";

interface Checks<Check> {
  checks: Check[];
}

const permissions = new PermissionResolver();
const usage = new UsageMutations();

/**
 * Resolvers that get their arguments as graphql-js coerced them. type-graphql would copy every object of a list into an
 * instance of its class first, which took a tenth of a request with a hundred checks. They replace type-graphql's own.
 */
export const plainArguments = {
  Query: {
    organizationPermissions: (_root: unknown, args: Checks<OrganizationPermissionCheck>, context: Context) =>
      permissions.organizationPermissions(args.checks, context),
    workspacePermissions: (_root: unknown, args: Checks<WorkspacePermissionCheck>, context: Context) =>
      permissions.workspacePermissions(args.checks, context),
    checkPermissions: (_root: unknown, args: Checks<PermissionCheck>, context: Context) =>
      permissions.checkPermissions(args.checks, context),
  },
  Mutation: {
    recordUsage: (_root: unknown, args: { input: RecordUsageInput }, context: Context, info: GraphQLResolveInfo) =>
      usage.recordUsage(args.input, runnerOf(context, info)),
  },
};
