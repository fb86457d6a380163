/** Tells editors and code generators where the subgraph's schema is. */
module.exports = {
  client: {
    service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
    includes: ["./examples/client/*.graphql"],
  },
  service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
};
