/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/environment.ts",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  testTimeout: 60_000,
  maxWorkers: 2,
  transform: { "^.+\\.(t|j|mj)s$": ["@swc/jest", require("./swc.config.js")] },
  // These ship ES modules only, which Jest's CommonJS runtime cannot load as they are.
  transformIgnorePatterns: ["/node_modules/(?!(jose|nodemailer|smtp-server|uuid)/)"],
};
