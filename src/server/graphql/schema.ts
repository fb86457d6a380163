import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { type GraphQLSchema, type GraphQLUnionType, isUnionType, parse, print } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import "../../../schema/enums";
import { resolvers } from "../../../resolvers";
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

// type-graphql asks for one; every subscription here brings its own stream, from the event log.
const NO_PUB_SUB = {
  publish: () => {
    throw new Error("Nothing is published: changes are read from the event log.");
  },
  subscribe: () => {
    throw new Error("Nothing is published: changes are read from the event log.");
  },
};

/** type-graphql answers this with a promise, which compiled queries do not wait for. */
function nameOfMember(union: GraphQLUnionType, value: object): string | undefined {
  if (value instanceof Refusal) return "Refusal";
  const others = union.getTypes().filter(({ name }) => name !== "Refusal");
  return others.length === 1 ? others[0]?.name : (value as { __typename?: string }).__typename;
}

/** The subgraph as it is printed, and as it is executed: `guarded` has the door in front of it. */
export function buildSubgraph(): { sdl: string; open: GraphQLSchema; guarded: GraphQLSchema } {
  const schema = buildSchemaSync({ resolvers: [...resolvers], validate: false, pubSub: NO_PUB_SUB });
  const own = printSchemaWithDirectives(schema).replace(/^schema \{[^}]*\}\s*/, "");
  const sdl = print(annotateSchema(parse(`${FEDERATION}\n${own}${EXTENSIONS}`)));
  const map = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  for (const [type, reference] of Object.entries(references)) map[type] = { ...map[type], ...reference };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isUnionType(type)) map[type.name] = { __resolveType: (value: object) => nameOfMember(type, value) };
  }
  const open = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: map as never }]);
  return { sdl, open, guarded: guard(open) };
}
