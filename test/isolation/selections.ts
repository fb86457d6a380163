import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
  parse,
  validate,
} from "graphql";
import { createExecutor } from "../../src/server/graphql/execute";
import { guardedSchema } from "../../src/server/graphql/schema";
import { silentLog } from "../support/world";

export const IDENTIFIED = new Set([
  "User",
  "Organization",
  "Member",
  "Workspace",
  "Invitation",
  "OrganizationSubscription",
  "ByokConfig",
  "AccessReview",
]);
/** Fields with required arguments. */
const SPAN = '(from: "2026-03-30T00:00:00Z", to: "2026-03-31T00:00:00Z")';
const NOBODY = '(id: "00000000-0000-4000-8000-000000000000")';
const ARGUMENTS: Record<string, string> = { trend: SPAN, byWorkspace: SPAN, trendByWorkspace: SPAN, member: NOBODY };

export const schema = guardedSchema();
export const run = createExecutor(schema, silentLog);
export type Field = GraphQLField<unknown, unknown>;
export type Json = Record<string, unknown>;

const fields = new Map<string, Field[]>();
/** The fields of an object type. */
export function fieldsOf(type: string): Field[] {
  const known = fields.get(type) ?? Object.values((schema.getType(type) as GraphQLObjectType).getFields());
  fields.set(type, known);
  return known;
}

type Below = { type: string; isPage: boolean } | null;
const below = new Map<Field, Below>();
/** The object type of a field, or of the nodes of a page; null for a scalar. */
export function objectOf(field: Field): Below {
  const known = below.get(field);
  if (known !== undefined) return known;
  const found = objectBehind(field);
  below.set(field, found);
  return found;
}

function objectBehind(field: Field): Below {
  const named = getNamedType(field.type);
  if (!isObjectType(named)) return null;
  const nodes = named.name.endsWith("Connection") ? named.getFields().nodes : undefined;
  return nodes ? { type: getNamedType(nodes.type).name, isPage: true } : { type: named.name, isPage: false };
}

/** The fields that identify an object of a type, if it is not its id. */
const KEYS: Record<string, string> = {
  AccessReviewItem: "id",
  AuditEvent: "organizationId sequence",
  RestorableOrganization: "id",
  WorkspaceAccess: "workspace { id } member { id }",
  WorkspaceGrant: "workspaceId",
  WorkspaceUsage: "workspace { id }",
};
const nodeTypeOf = (field: Field) => objectOf(field)?.type ?? "";
const keyOf = (type: string) => (IDENTIFIED.has(type) ? "id" : (KEYS[type] ?? ""));
const around = (field: Field, isPage: boolean, selection: string) =>
  isPage
    ? `${field.name}(first: 100) { totalCount edges { node { __typename ${keyOf(nodeTypeOf(field))} } } nodes { ${selection} } }`
    : `${field.name}${field.args.length > 0 ? (ARGUMENTS[field.name] ?? "") : ""} { ${selection} }`;

/** Types without paths to entities. Many fields return them, so following paths through them would take minutes. */
const WITHOUT_ENTITIES = new Set(["Refusal", "RoleOption"]);

/** A denial of a non-null field makes its whole object null, see test/billing/invoices.test.ts. */
const TESTED_ALONE = new Set(["OrganizationSubscription.invoices"]);

/** Selections of up to `hops` objects below a type, each with all fields of its last object. */
export function* selectionsBelow(type: string, hops: number): Generator<string> {
  const head = `__typename ${keyOf(type)}`;
  const fields = fieldsOf(type).filter(({ name }) => !TESTED_ALONE.has(`${type}.${name}`));
  const everything = fields.map((field) => {
    const leads = objectOf(field);
    return leads ? around(field, leads.isPage, `__typename ${keyOf(leads.type)}`) : field.name;
  });
  yield `${head} ${everything.join(" ")}`;
  if (hops === 0) return;
  for (const field of fields) {
    const leads = objectOf(field);
    if (!leads || WITHOUT_ENTITIES.has(leads.type)) continue;
    for (const selection of selectionsBelow(leads.type, hops - 1))
      yield `${head} ${around(field, leads.isPage, selection)}`;
  }
}

const documents = new Map<string, DocumentNode>();

/** A document, parsed and validated once. */
export function parsedOnce(text: string): DocumentNode {
  const known = documents.get(text);
  if (known) return known;
  const document = parse(text);
  const [error] = validate(schema, document);
  if (error) throw new Error(`${error.message} in ${text}`);
  documents.set(text, document);
  return document;
}
