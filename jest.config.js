/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/environment.ts",
  runtime: "<rootDir>/test/support/runtime.js",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: [
    // Every page of the console in a browser takes minutes: `npm run prove` runs those, with PROVE_STORIES.
    ...(process.env.PROVE_STORIES ? [] : ["/test/console/stories/"]),
    // These look at plans and statistics of one table, and undo migrations to keys that a partitioned table cannot have.
    ...(process.env.ON_PARTITIONS ? ["/test/store/member-search", "/test/usage/ledger"] : []),
  ],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  // Only for tests that hang: a busy machine needs a minute for some.
  testTimeout: 180_000,
  maxWorkers: 2,
  // Jest keeps what test files leave behind: a worker that has grown beyond this is replaced by a new one.
  workerIdleMemoryLimit: "1500MB",
  transform: { "^.+\\.(t|j|mj)s$": ["@swc/jest", require("./swc.config.js")] },
  // These ship ES modules only, or use import(), which Jest's CommonJS runtime cannot load as they are.
  transformIgnorePatterns: ["/node_modules/(?!(@opentelemetry/otlp-exporter-base|jose|nodemailer|smtp-server|uuid)/)"],
};
