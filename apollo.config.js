/** For editors and code generators: the subgraph as it is committed. */
module.exports = {
  client: {
    service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
    includes: ["./examples/client/*.graphql"],
  },
  service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
};
