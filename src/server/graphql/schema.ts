import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { getDocumentNodeFromSchema } from "@graphql-tools/utils";
import {
  concatAST,
  type GraphQLSchema,
  type GraphQLUnionType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  print,
} from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import "../../../schema/enums";
import { resolvers } from "../../../resolvers";
import { directResolvers } from "../../../resolvers/direct-resolvers";
import { plainArguments } from "../../../resolvers/plain-arguments";
import { references } from "../../../resolvers/references";
import { guard } from "../../../resolvers/shield";
import { Refusal } from "../../../schema/refusal";
import { annotateSchema } from "./annotate-schema";

const FEDERATION = parse(`extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@shareable", "@inaccessible", "@authenticated", "@requiresScopes", "@cost", "@listSize"]
  )
`);

// type-graphql supports no directives on unions and enums.
const EXTENSIONS = parse(`
extend union ProvisionUserResult @inaccessible
extend union RecordUsageResult @inaccessible
extend union ReportByokFailureResult @inaccessible
extend union LlmAccess @inaccessible
extend enum PlatformLlmReason @inaccessible
`);

// type-graphql requires a PubSub. It is never used: every subscription reads its stream from the event log.
const NO_PUB_SUB = {
  publish: () => {
    throw new Error("Nothing is published: changes are read from the event log.");
  },
  subscribe: () => {
    throw new Error("Nothing is published: changes are read from the event log.");
  },
};

interface Subgraph {
  /** The schema as text. It is printed at the first read, because only tools and tests need it. */
  readonly sdl: string;
  guarded: GraphQLSchema;
  /** The schema without the guard, for tests of the checks behind it. */
  open: GraphQLSchema;
}

let shared: GraphQLSchema | undefined;

/** The schema that operations run on, with the guard. Building it takes most of a start, so a process builds it once. */
export function guardedSchema(): GraphQLSchema {
  shared ??= buildSubgraph().guarded;
  return shared;
}

/** A subgraph of the caller's own, which tests may change. */
export function buildSubgraph(): Subgraph {
  // skipCheck: buildSubgraphSchema checks it.
  const schema = buildSchemaSync({ resolvers: [...resolvers], validate: false, skipCheck: true, pubSub: NO_PUB_SUB });
  const definitions = getDocumentNodeFromSchema(schema).definitions.filter(
    ({ kind }) => kind !== Kind.SCHEMA_DEFINITION,
  );
  const document = concatAST([FEDERATION, { kind: Kind.DOCUMENT, definitions }, EXTENSIONS]);
  const typeDefs = annotateSchema(document, schema);
  const open = buildSubgraphSchema([{ typeDefs, resolvers: resolversOf(schema) as never }]);
  copyPolicies(schema, open);
  return {
    get sdl() {
      return print(typeDefs);
    },
    guarded: guard(open),
    open,
  };
}

function resolversOf(schema: GraphQLSchema): Record<string, Record<string, unknown>> {
  const map = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  for (const replacements of [directResolvers(), references, plainArguments]) {
    for (const [type, fields] of Object.entries(replacements)) map[type] = { ...map[type], ...fields };
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isUnionType(type)) map[type.name] = { __resolveType: (value: object) => nameOfMember(type, value) };
  }
  return map;
}

/**
 * Returns the name of a union's member synchronously. type-graphql would return a promise, which compiled queries do
 * not await.
 */
function nameOfMember(union: GraphQLUnionType, value: object): string | undefined {
  if (value instanceof Refusal) return "Refusal";
  const others = union.getTypes().filter(({ name }) => name !== "Refusal");
  return others.length === 1 ? others[0]?.name : (value as { __typename?: string }).__typename;
}

/** SDL has no extensions, so a schema that was built from it needs the field policies of the original. */
function copyPolicies(from: GraphQLSchema, to: GraphQLSchema): void {
  for (const type of Object.values(from.getTypeMap())) {
    const copy = to.getType(type.name);
    if (!isObjectType(type) || !isObjectType(copy)) continue;
    for (const [name, { extensions }] of Object.entries(type.getFields())) {
      const field = copy.getFields()[name];
      if (field) field.extensions = { ...field.extensions, ...extensions };
    }
  }
}
