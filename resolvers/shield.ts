import { type GraphQLField, type GraphQLSchema, isObjectType } from "graphql";
import { applyMiddleware, type IMiddlewareFieldMap } from "graphql-middleware";
import { shield } from "graphql-shield";
import { type Access, policyOf } from "../schema/field-policy";
import type { Context } from "../src/context";
import { assertEntityReader, assertPermission, assertScope, assertSignedIn } from "../src/domain/authorization";
import { forbidden } from "../src/domain/denial";
import type { OrganizationPermission } from "../src/domain/permission";
import type { Viewer } from "../src/domain/viewer";
import type { OrganizationView } from "../src/store/views/people";
import { ruleForCommand, ruleForDryRun } from "./shield-command";
import { assertFromGateway, assertRepresentations } from "./shield-gateway";
import { type Rule, toRule } from "./shield-rule";

type RuleTree = Record<string, Record<string, Rule>>;

/**
 * Puts the guard in front of a schema: every root field and every field with a permission gets a rule from its policy;
 * other fields stay unwrapped. Throws at start-up for a root field without a policy.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const tree = ruleTree(schema);
  const options = { allowExternalErrors: true, fallbackError: forbidden("Not allowed.") };
  const generated = shield(tree, options).generate(schema) as Record<string, IMiddlewareFieldMap>;
  const { Subscription: subscriptions = {}, ...others } = onlyRuled(generated, tree);
  guardSubscriptions(schema, subscriptions);
  return applyMiddleware(schema, others);
}

function ruleTree(schema: GraphQLSchema): RuleTree {
  const roots = new Set<unknown>([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const tree: RuleTree = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(type.name, field);
      if (rule) tree[type.name] = { ...tree[type.name], [field.name]: rule };
      else if (roots.has(type)) throw new Error(`${type.name}.${field.name} has no @FieldPolicy: say who may use it.`);
    }
  }
  return tree;
}

function ruleOf(type: string, field: GraphQLField<unknown, unknown>): Rule | undefined {
  if (type === "Mutation") return ruleForCommand(field.name);
  if (type === "Query" && Object.hasOwn(OWN_RULES, field.name)) return OWN_RULES[field.name];
  const { access, permission } = policyOf(field);
  if (access) return toRule(({ viewer }) => assertAccess(viewer, access));
  return permission && ruleForPermission(type, permission);
}

/**
 * Queries whose rule depends on their arguments. Federation adds two queries, which have no resolver in this service
 * and so no policy.
 */
const OWN_RULES: Readonly<Record<string, Rule>> = {
  dryRun: ruleForDryRun,
  _service: toRule(assertFromGateway),
  _entities: toRule((context, { args }) => {
    assertFromGateway(context);
    assertEntityReader(context.viewer);
    assertRepresentations(args.representations ?? []);
  }),
};

function assertAccess(viewer: Viewer, access: Access): void {
  if (access === "anyone") return;
  if (access === "signed-in") assertSignedIn(viewer);
  else if (access === "entity-reader") assertEntityReader(viewer);
  else assertScope(viewer, access.scope);
}

function ruleForPermission(type: string, permission: OrganizationPermission): Rule {
  if (type !== "Organization") throw new Error(`${type} has no role of the viewer to check ${permission} with.`);
  return toRule((_context, { parent }) =>
    assertPermission((parent as OrganizationView).viewerMember?.role, permission),
  );
}

/**
 * graphql-middleware would run the rule before the resolver of each event. Here it runs once, before the stream starts.
 * The stream itself checks before each event whether the viewer may still see it.
 */
function guardSubscriptions(schema: GraphQLSchema, rules: IMiddlewareFieldMap): void {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field;
    const rule = rules[field.name];
    if (!subscribe || typeof rule !== "function") throw new Error(`Subscription.${field.name} has no stream.`);
    field.subscribe = async (parent, args, context: Context, info) =>
      await rule(() => subscribe(parent, args, context, info), parent, args, context, info);
  }
}

/** graphql-shield wraps every field of the schema. Fields without a rule are left out, so that they stay fast. */
function onlyRuled(
  generated: Record<string, IMiddlewareFieldMap>,
  tree: RuleTree,
): Record<string, IMiddlewareFieldMap> {
  return Object.fromEntries(
    Object.entries(tree).map(([type, rules]) => [
      type,
      Object.fromEntries(Object.entries(generated[type] ?? {}).filter(([field]) => Object.hasOwn(rules, field))),
    ]),
  );
}
