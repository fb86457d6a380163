import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { type GraphQLSchema, parse, print } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import "../../schema/enums";
import { resolvers } from "../../resolvers";
import { references } from "../../resolvers/references";
import { guard } from "../../resolvers/shield";
import { annotateSchema } from "./annotate-schema";

const FEDERATION = `extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@shareable", "@inaccessible", "@authenticated", "@requiresScopes", "@cost", "@listSize"]
  )
`;

// type-graphql has no directives on unions.
const EXTENSIONS = `
extend union ProvisionUserResult @inaccessible
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

/** The subgraph as it is printed, and as it is executed: `guarded` has the door in front of it. */
export function buildSubgraph(): { sdl: string; open: GraphQLSchema; guarded: GraphQLSchema } {
  const schema = buildSchemaSync({ resolvers: [...resolvers], validate: false, pubSub: NO_PUB_SUB });
  const own = printSchemaWithDirectives(schema).replace(/^schema \{[^}]*\}\s*/, "");
  const sdl = print(annotateSchema(parse(`${FEDERATION}\n${own}${EXTENSIONS}`)));
  const map = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  for (const [type, reference] of Object.entries(references)) map[type] = { ...map[type], ...reference };
  const open = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: map as never }]);
  return { sdl, open, guarded: guard(open) };
}
