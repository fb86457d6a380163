import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type StringValueNode,
  type TypeNode,
  visit,
} from "graphql";
import { requirementOf } from "../../../resolvers/shield-command";
import { type Access, type FieldPolicy, policyOf } from "../../../schema/field-policy";
import type { Requirement } from "../../commands/runner/authorize";

/**
 * Prints the policies of fields and commands into the schema, for the gateway and for readers: sign-in, scopes, costs
 * and list sizes as directives, permissions in descriptions. `schema` has the policies; `document` is its SDL, which
 * has none. Throws at start-up for a list without an expected size.
 */
export function annotateSchema(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: type.fields?.map((field) => annotate(type, field, policyIn(schema, type, field))),
    }),
  });
}

function policyIn(schema: GraphQLSchema, { name }: ObjectTypeDefinitionNode, field: FieldDefinitionNode): FieldPolicy {
  const type = schema.getType(name.value);
  return policyOf(isObjectType(type) ? type.getFields()[field.name.value] : undefined);
}

function annotate(
  type: ObjectTypeDefinitionNode,
  field: FieldDefinitionNode,
  policy: FieldPolicy,
): FieldDefinitionNode {
  const requires = type.name.value === "Mutation" ? requirementOf(field.name.value) : undefined;
  const access = requires ? accessOf(requires) : policy.access;
  const cost = policy.cost === undefined ? [] : [`@cost(weight: ${policy.cost})`];
  const added = [...authentication(access), ...cost, ...size(type, field, policy)];
  return {
    ...field,
    ...describe(field, requires ? requirementText(requires) : policyText(policy)),
    directives: [...(field.directives ?? []), ...added.map(directive)],
  };
}

function accessOf(requires: Requirement): Access {
  return requires.of === "service" ? { scope: requires.scope } : "signed-in";
}

function authentication(access: Access | undefined): string[] {
  if (access === undefined || access === "anyone") return [];
  return [typeof access === "object" ? `@requiresScopes(scopes: [["${access.scope}"]])` : "@authenticated"];
}

function size(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode, policy: FieldPolicy): string[] {
  const { listSize, page } = policy;
  if (field.arguments?.some(({ name }) => name.value === "first")) {
    const sized = page ? `["${page.items}"]` : '["edges", "nodes"]';
    return [`@listSize(slicingArguments: ["first"], sizedFields: ${sized}, requireOneSlicingArgument: false)`];
  }
  if (!isList(field.type) || type.name.value.endsWith("Connection") || type.name.value.endsWith("Page")) return [];
  if (listSize !== undefined) return [`@listSize(assumedSize: ${listSize})`];
  if (SCALARS.has(itemOf(field.type))) return [];
  throw new Error(`${type.name.value}.${field.name.value} is a list: give it @FieldPolicy({ listSize }).`);
}

// Lists of these are short and cost nothing to read.
const SCALARS = new Set(["String", "OrganizationPermission", "WorkspacePermission"]);

function requirementText(requires: Requirement): string {
  if (requires.of === "service") return `For services with the scope ${requires.scope}.`;
  if (requires.of === "workspace") return `Requires ${requires.permission} in the workspace.`;
  if (requires.of === "person") return "For any signed-in person.";
  return requires.permission ? `Requires ${requires.permission}.` : "For members of the organization.";
}

function policyText({ access, permission }: FieldPolicy): string {
  if (permission) return `Requires ${permission}; without it, null with a FORBIDDEN error.`;
  return typeof access === "object" ? `For services with the scope ${access.scope}.` : "";
}

function describe({ description }: FieldDefinitionNode, text: string): { description?: StringValueNode } {
  if (!text) return {};
  const value = [description?.value, text].filter(Boolean).join(" ");
  return { description: { kind: Kind.STRING, value, block: true } };
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}

function itemOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : itemOf(type.type);
}

function directive(source: string): ConstDirectiveNode {
  const [definition] = parse(`type T ${source}`, { noLocation: true }).definitions as ObjectTypeDefinitionNode[];
  const [node] = definition?.directives ?? [];
  if (!node) throw new Error(`No directive: ${source}`);
  return node;
}
