import type { GraphQLResolveInfo, GraphQLSchema } from "graphql";
import { applyMiddleware, type IMiddlewareFieldMap } from "graphql-middleware";
import { rule, shield } from "graphql-shield";
import { commands } from "../src/commands";
import { assertKindOfViewer, type Requirement } from "../src/commands/runner/authorize";
import { hasResult } from "../src/commands/runner/idempotency";
import type { Context } from "../src/context";
import { Denied, forbidden, notFound, unauthenticated } from "../src/domain/denial";
import { mayInOrganization, mayInWorkspace, type OrganizationPermission } from "../src/domain/permission";
import { hasScope } from "../src/domain/viewer";
import { readStoredResponse } from "../src/store/idempotency";
import type { OrganizationView } from "../src/store/views/people";
import { idempotentCall } from "./idempotent-call";
import { assertPermitted } from "./permitted";
import { references } from "./references";

type Input = { organizationId?: string; workspaceId?: string; credentials?: { organizationId?: string } };
type Args = { input?: Input; representations?: unknown[] };
type Check = (
  context: Context,
  parent: unknown,
  input: Input,
  info: GraphQLResolveInfo,
  args: Args,
) => void | Promise<void>;
type FieldMiddlewares = IMiddlewareFieldMap;
type FieldRules = Record<string, ReturnType<ReturnType<typeof rule>>>;

/** The fields of an organization that need a permission; the resolvers hold the same lock behind this door. */
const GUARDED_FIELDS = {
  invitations: "INVITE_AND_REMOVE_MEMBERS",
  memberLimit: "INVITE_AND_REMOVE_MEMBERS",
  workspaceLimit: "CREATE_WORKSPACES",
  subscription: "MANAGE_BILLING",
  byokConfig: "CONFIGURE_BYOK",
  auditLog: "VIEW_AUDIT_LOG",
} as const satisfies Record<string, OrganizationPermission>;

/** What `_entities` may be asked for at a time. */
export const MOST_REPRESENTATIONS = 1_000;

/** The queries for services, and the scope that each needs. */
export const SERVICE_QUERIES = { llmAccess: "credentials:read" } as const;

const SUBSCRIPTIONS = ["invitationChanged", "membershipChanged", "receivedInvitationChanged"];

/** The queries that need no sign-in. */
export const OPEN_QUERIES: readonly string[] = ["invitation", "plans"];

/**
 * Puts the door in front of a schema: every root field and every guarded field has a rule, nothing else is wrapped.
 * Throws at start-up where a root field has none.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const tree: Record<string, FieldRules> = {
    Query: queryRules(),
    Mutation: mapValues(commands, ({ requires }) => toRule(guardOperation(requires))),
    Subscription: Object.fromEntries(SUBSCRIPTIONS.map((name) => [name, signedIn])),
    Organization: mapValues(GUARDED_FIELDS, (permission) =>
      toRule((_context, parent) => assertPermitted(parent as OrganizationView, permission)),
    ),
  };
  assertComplete(schema, tree);
  const generated = shield(tree, { allowExternalErrors: true, fallbackError: forbidden("Not allowed.") }).generate(
    schema,
  );
  const { Subscription: beginnings = {}, ...others } = onlyRuled(generated as Record<string, FieldMiddlewares>, tree);
  guardStreams(schema, beginnings);
  return applyMiddleware(schema, others);
}

/**
 * graphql-middleware would put the door before what each event resolves to. It stands before the stream: whether an
 * event may be seen is asked where it is read from the log, of how things stand then.
 */
function guardStreams(schema: GraphQLSchema, beginnings: FieldMiddlewares): void {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field;
    const door = beginnings[field.name];
    if (!subscribe || typeof door !== "function") throw new Error(`Subscription.${field.name} has no stream.`);
    field.subscribe = async (parent, args, context: Context, info) =>
      await door(() => subscribe(parent, args, context, info), parent, args, context, info);
  }
}

function assertSignedIn({ viewer }: Context): void {
  if (viewer.kind === "anonymous") throw unauthenticated();
}

const signedIn = toRule(assertSignedIn);

function queryRules(): FieldRules {
  const open = toRule(() => undefined);
  return {
    viewer: signedIn,
    organization: toRule(entityReader),
    workspace: toRule(entityReader),
    ...Object.fromEntries(OPEN_QUERIES.map((name) => [name, open])),
    byokPolicy: signedIn,
    organizationPermissions: signedIn,
    workspacePermissions: signedIn,
    llmAccess: toRule(({ viewer }) => assertKindOfViewer(viewer, { of: "service", scope: SERVICE_QUERIES.llmAccess })),
    _service: toRule(fromGateway),
    _entities: toRule((context, parent, input, info, { representations }) => {
      fromGateway(context, parent, input, info, {});
      entityReader(context, parent, input, info, {});
      assertRepresentations(representations ?? []);
    }),
  };
}

function assertRepresentations(representations: readonly unknown[]): void {
  if (representations.length > MOST_REPRESENTATIONS) {
    throw new Denied("BAD_USER_INPUT", `Ask for at most ${MOST_REPRESENTATIONS} representations at a time.`);
  }
  const strange = representations.findIndex((each) => {
    const type = (each as { __typename?: unknown } | null)?.__typename;
    return typeof type !== "string" || !Object.hasOwn(references, type);
  });
  if (strange >= 0) throw new Denied("BAD_USER_INPUT", `Representation ${strange} names no entity of this subgraph.`);
}

const fromGateway: Check = (context) => {
  if (!context.fromGateway) throw forbidden("This is answered to the gateway only.");
};

const entityReader: Check = ({ viewer }) => {
  if (viewer.kind === "anonymous") throw unauthenticated();
  if (viewer.kind === "service" && !hasScope(viewer, "entities:read")) {
    throw forbidden("A service needs the scope entities:read for this.");
  }
};

/** What a command requires, asked before its transaction. The runner asks again under the lock. */
function guardOperation(requires: Requirement): Check {
  return async (context, _parent, input, info) => {
    assertKindOfViewer(context.viewer, requires);
    try {
      if (requires.of === "member") await guardMember(context, requires, input);
      if (requires.of === "workspace") await guardWorkspace(context, requires.permission, input);
    } catch (denial) {
      // The first answer stands, even where the first effect took the right to ask again.
      if (!(await hasStoredResponse(context, info))) throw denial;
    }
  };
}

async function guardMember(
  { loaders }: Context,
  requires: Extract<Requirement, { of: "member" }>,
  input: Input,
): Promise<void> {
  const organizationId = input.organizationId ?? input.credentials?.organizationId ?? "";
  // A deleted organization is in nobody's sight; the runner alone can tell who may restore it.
  if (requires.deletedToo) return;
  const organization = await loaders.organization.load(organizationId);
  if (!organization?.viewerMember) throw notFound("organization");
  if (requires.permission && !mayInOrganization(organization.viewerMember.role, requires.permission)) {
    assertPermitted(organization, requires.permission);
  }
}

async function guardWorkspace(
  { loaders }: Context,
  permission: Extract<Requirement, { of: "workspace" }>["permission"],
  { organizationId = "", workspaceId = "" }: Input,
): Promise<void> {
  const workspace = await loaders.workspace.load(workspaceId);
  if (!workspace || workspace.organizationId !== organizationId.toLowerCase()) throw notFound("workspace");
  if (!mayInWorkspace(workspace.viewerRole, permission)) {
    throw forbidden(`Your role in this workspace lacks ${permission}.`);
  }
}

async function hasStoredResponse(context: Context, info: GraphQLResolveInfo): Promise<boolean> {
  const call = idempotentCall(context, info);
  const { database, clock } = context.services;
  return call !== undefined && hasResult(await readStoredResponse(database, call, clock.now()), call);
}

function toRule(check: Check) {
  return rule({ cache: "no_cache" })(async (parent, args: Args, context: Context, info: GraphQLResolveInfo) => {
    try {
      await check(context, parent, args.input ?? {}, info, args);
      return true;
    } catch (denial) {
      // A rule that throws reads as a mere "no" to graphql-shield; a returned error keeps its code.
      return denial instanceof Error ? denial : new Error("A rule failed.");
    }
  });
}

function assertComplete(schema: GraphQLSchema, tree: Record<string, FieldRules>): void {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.keys(type?.getFields() ?? {})) {
      if (type && !tree[type.name]?.[field]) throw new Error(`${type.name}.${field} has no rule at the door.`);
    }
  }
}

/** graphql-shield wraps every field of the schema; a plain field must stay plain to be fast. */
function onlyRuled(generated: Record<string, FieldMiddlewares>, tree: Record<string, FieldRules>) {
  return Object.fromEntries(
    Object.entries(tree).map(([type, rules]) => [
      type,
      Object.fromEntries(Object.entries(generated[type] ?? {}).filter(([field]) => Object.hasOwn(rules, field))),
    ]),
  );
}

function mapValues<Value, Result>(
  record: Record<string, Value>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
