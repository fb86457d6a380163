const shared = require("./jest.config.js");

/** The rules alone, without a database: what the mutation tests run against every change of `src/domain`. */
/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test/domain"],
  testMatch: ["**/*.test.ts"],
  transform: shared.transform,
  transformIgnorePatterns: shared.transformIgnorePatterns,
};
