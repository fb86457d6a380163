import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { type GraphQLSchema, type GraphQLUnionType, isObjectType, isUnionType, parse, print } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import "../../../schema/enums";
import { resolvers } from "../../../resolvers";
import { plainArguments } from "../../../resolvers/plain-arguments";
import { references } from "../../../resolvers/references";
import { guard } from "../../../resolvers/shield";
import { Refusal } from "../../../schema/refusal";
import { annotateSchema } from "./annotate-schema";

const FEDERATION = `extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@shareable", "@inaccessible", "@authenticated", "@requiresScopes", "@cost", "@listSize"]
  )
`;

// type-graphql has no directives on unions and enums.
const EXTENSIONS = `
extend union ProvisionUserResult @inaccessible
extend union RecordUsageResult @inaccessible
extend union ReportByokFailureResult @inaccessible
extend union LlmAccess @inaccessible
extend enum PlatformLlmReason @inaccessible
`;

// type-graphql requires one. It is never used: every subscription reads its stream from the event log.
const NO_PUB_SUB = {
  publish: () => {
    throw new Error("Nothing is published: changes are read from the event log.");
  },
  subscribe: () => {
    throw new Error("Nothing is published: changes are read from the event log.");
  },
};

/**
 * The subgraph's SDL, and its executable schema with and without the guard. `open` is without: it is for tests of the
 * checks behind the guard.
 */
export function buildSubgraph(): { sdl: string; open: GraphQLSchema; guarded: GraphQLSchema } {
  const schema = buildSchemaSync({ resolvers: [...resolvers], validate: false, pubSub: NO_PUB_SUB });
  const printed = printSchemaWithDirectives(schema).replace(/^schema \{[^}]*\}\s*/, "");
  const sdl = print(annotateSchema(parse(`${FEDERATION}\n${printed}${EXTENSIONS}`), schema));
  const open = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolversOf(schema) as never }]);
  copyPolicies(schema, open);
  return { sdl, open, guarded: guard(open) };
}

function resolversOf(schema: GraphQLSchema): Record<string, Record<string, unknown>> {
  const map = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  for (const [type, reference] of [...Object.entries(references), ...Object.entries(plainArguments)]) {
    map[type] = { ...map[type], ...reference };
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isUnionType(type)) map[type.name] = { __resolveType: (value: object) => nameOfMember(type, value) };
  }
  return map;
}

/** Names a union's member at once: type-graphql would return a promise, which compiled queries do not await. */
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
