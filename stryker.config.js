/**
 * Mutation tests of one file of `src/domain` (see bin/mutate.js): each small change of it has to fail one of its own
 * tests. What survives is listed here, with the reason why no test can tell it apart.
 *
 * - byok.ts, REGIONS_OF_PROFILE: without `^`. No region's name has another's beginning in it, and no other name is let
 *   this far. It stays for the regions to come.
 * - plan.ts, isUpgrade: `price(to) >= price(from)`. Prices that are equal were dealt with before it.
 * - usage.ts, reachedThreshold: without `monthlyLimit === null`, or without `monthlyLimit === 0`. A balance without a
 *   limit has no remainder either, and a share of nothing is NaN, which reaches no threshold. Both checks stay: the types
 *   ask for the one, and readers should not have to know about NaN.
 * - usage.ts, forecastExhaustion: without `pace === 0`. Divided by nothing, the day is an invalid date, which is before
 *   no other. The check stays for the same reason.
 */
module.exports = {
  packageManager: "npm",
  mutate: [`src/domain/${process.env.DOMAIN_FILE ?? "*"}.ts`],
  testRunner: "jest",
  plugins: ["@stryker-mutator/jest-runner"],
  jest: { configFile: "jest.domain.config.js" },
  coverageAnalysis: "perTest",
  // Regular expressions and tables are made when a file is loaded. They are what is worth mutating here.
  ignoreStatic: false,
  // bin/mutate.js runs several files at once.
  concurrency: 1,
  ignorePatterns: ["/dist", "/.data", "/coverage", "/bench", "/examples", "/web"],
  tempDirName: ".stryker-tmp",
  reporters: ["clear-text"],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  thresholds: { high: 98, low: 95, break: 95 },
  // A mutation that loops for ever is caught by this alone, and a busy machine is no loop.
  timeoutMS: 30_000,
  warnings: { slow: false },
};
