/** For editors and code generators: the subgraph as it is committed. */
module.exports = {
  service: { name: "organizations", localSchemaFile: "./schema/organizations.graphql" },
};
