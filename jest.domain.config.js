const shared = require("./jest.config.js");

const file = process.env.DOMAIN_FILE;

/**
 * The rules alone, without a database: what the mutation tests run against every change of `src/domain`. With
 * DOMAIN_FILE, only the tests of that file: `plan.test.ts`, `plan-….test.ts`. Folders of test/domain are left out: their
 * tests are slow, or need a database.
 *
 * @type {import("jest").Config}
 */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test/domain"],
  testRegex: [file ? `/test/domain/${file}(-[a-z-]+)?\\.test\\.ts$` : "/test/domain/[^/]+\\.test\\.ts$"],
  transform: shared.transform,
  transformIgnorePatterns: shared.transformIgnorePatterns,
};
