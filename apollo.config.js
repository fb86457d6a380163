/** Tells editors and code generators where the subgraph's schema is. */
module.exports = {
  client: {
    service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
    includes: ["./web/src/graph/*.graphql"],
  },
  service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
};
