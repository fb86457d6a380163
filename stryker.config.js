const { availableParallelism } = require("node:os");

/**
 * Mutation tests of `src/domain` (see bin/mutate.js): each small change of a file has to fail one of its own tests. What survives is listed here, with the reason why no test can tell it apart.
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
  testRunner: "domain",
  plugins: ["./bin/mutants/test-runner.js"],
  // The tests of a file take milliseconds, so that each of its mutants faces them all.
  coverageAnalysis: "all",
  concurrency: availableParallelism(),
  ignorePatterns: ["/dist", "/.data", "/coverage", "/bench", "/examples", "/web"],
  tempDirName: ".stryker-tmp",
  reporters: ["clear-text"],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  thresholds: { high: 98, low: 95, break: null },
  // A mutation that loops for ever where no mutant is counted is caught by this alone, and a busy machine is no loop.
  timeoutMS: 30_000,
  warnings: { slow: false },
};
