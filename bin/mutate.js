/**
 * Mutation tests of `src/domain`. Each file runs against its own tests only, so that a mutant costs milliseconds and no
 * file relies on the tests of another. The tests must kill at least 95 % of each file's mutants. Arguments name files:
 * `npm run mutate -- plan text`.
 */
const { spawnSync } = require("node:child_process");
const { readdirSync } = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const stryker = path.join(path.dirname(require.resolve("@stryker-mutator/core/package.json")), "bin", "stryker.js");
const all = readdirSync(path.join(root, "src", "domain"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length));
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no src/domain/${unknown[0]}.ts. Name one or more of: ${all.join(", ")}.`);
  process.exit(1);
}

const failed = [];
for (const name of named.length > 0 ? named : all) {
  console.log(`\nsrc/domain/${name}.ts`);
  const { status } = spawnSync(process.execPath, [stryker, "run"], {
    cwd: root,
    env: { ...process.env, DOMAIN_FILE: name },
    stdio: "inherit",
  });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`test/domain failed, or killed less than 95 % of the mutants, for: ${failed.join(", ")}.`);
  process.exit(1);
}
