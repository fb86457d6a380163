const { readdirSync } = require("node:fs");
const path = require("node:path");
const { testsOf } = require("./domain-tests.js");

/** Stryker's numbers for the results of tests. */
const [SUCCESS, FAILED] = [0, 1];

/**
 * Runs the tests of `src/domain` for Stryker. Jest needs half a second to start before it runs tests of a millisecond,
 * and there are thousands of mutants. Each mutant faces the tests of its own file alone: `plan.test.ts`,
 * `plan-….test.ts`. Folders of test/domain are left out: their tests are slow, or need a database.
 */
class DomainTestRunner {
  constructor() {
    // Stryker starts this in its copy of the project, where the mutants are.
    this.directory = path.resolve("test", "domain");
    this.files = readdirSync(this.directory).filter((name) => name.endsWith(".test.ts"));
    globalThis.__stryker__ ??= {};
  }

  /** Modules are always loaded again. */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ files }) {
    const tests = [];
    for await (const result of this.results(files)) {
      if (result.error === undefined) tests.push({ ...result, status: SUCCESS });
      else tests.push({ ...result, status: FAILED, failureMessage: String(result.error) });
    }
    return { status: "complete", tests, mutantCoverage: globalThis.__stryker__.mutantCoverage };
  }

  async mutantRun({ activeMutant, sandboxFileName, hitLimit }) {
    // The code of mutants counts how often it runs, and throws beyond the limit: it loops for ever.
    const stryker = Object.assign(globalThis.__stryker__, { activeMutant: activeMutant.id, hitLimit, hitCount: 0 });
    const result = await this.verdict(sandboxFileName);
    stryker.activeMutant = undefined;
    return hitLimit !== undefined && stryker.hitCount > hitLimit ? { status: "timeout" } : result;
  }

  /** Whether a test of a file fails now. */
  async verdict(file) {
    let nrOfTests = 0;
    try {
      for await (const { id, error } of this.results([file])) {
        nrOfTests += 1;
        if (error !== undefined) return { status: "killed", nrOfTests, killedBy: [id], failureMessage: String(error) };
      }
    } catch (error) {
      return { status: "error", errorMessage: String(error) };
    }
    return { status: "survived", nrOfTests };
  }

  /** Runs the tests of files of `src/domain`, one after the other. */
  async *results(files) {
    for (const file of this.files.filter((name) => files.some((mutated) => isTestOf(name, mutated)))) {
      const fileName = path.join(this.directory, file);
      let number = 0;
      for (const { name, run } of testsOf([fileName])) {
        const started = performance.now();
        const error = await failureOf(run);
        number += 1;
        // Two tests may have the same name.
        yield { id: `${file} ${number}`, name, fileName, timeSpentMs: performance.now() - started, error };
      }
    }
  }
}

function isTestOf(testFile, mutated) {
  const name = path.basename(mutated, ".ts");
  return testFile.startsWith(name) && /^(-[a-z-]+)?\.test\.ts$/.test(testFile.slice(name.length));
}

/** What a test throws. */
async function failureOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error ?? new Error("The test threw nothing.");
  }
}

exports.strykerPlugins = [{ kind: "TestRunner", name: "domain", injectableClass: DomainTestRunner }];
