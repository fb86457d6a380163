/**
 * Mutation tests of `src/domain`. Each file runs against its own tests only, so that a mutant costs milliseconds and no
 * file relies on the tests of another. The tests must kill at least 95 % of each file's mutants. Arguments name files:
 * `npm run mutate -- plan text`.
 */
const { readdirSync } = require("node:fs");
const path = require("node:path");

const LEAST_KILLED = 0.95;

const root = path.join(__dirname, "..");
const all = readdirSync(path.join(root, "src", "domain"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length));
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no src/domain/${unknown[0]}.ts. Name one or more of: ${all.join(", ")}.`);
  process.exit(1);
}

main();

async function main() {
  process.chdir(root);
  const { Stryker } = await import("@stryker-mutator/core");
  const files = named.length > 0 ? named : all;
  const mutants = await new Stryker({ mutate: files.map((name) => `src/domain/${name}.ts`) }).runMutationTest();
  const failed = files.filter((name) => killed(mutants.filter(({ fileName }) => isOf(name, fileName))) < LEAST_KILLED);
  if (failed.length === 0) return;
  console.error(`test/domain killed less than 95 % of the mutants of: ${failed.join(", ")}.`);
  process.exitCode = 1;
}

function isOf(name, fileName) {
  return path.basename(fileName) === `${name}.ts`;
}

/** The share of mutants that the tests noticed, of those that can run. A file without any is fully tested. */
function killed(mutants) {
  const noticed = mutants.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const missed = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage").length;
  return noticed + missed === 0 ? 1 : noticed / (noticed + missed);
}
