/**
 * Mutation tests of `src/domain`. Each file runs against its own tests only, so that a mutant costs milliseconds and no
 * file relies on the tests of another. The tests must kill at least 95 % of each file's mutants. Arguments name files:
 * `npm run mutate -- plan text`.
 */
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { readdirSync } = require("node:fs");
const os = require("node:os");
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
const waiting = named.length > 0 ? [...named] : [...all];
// A run mostly uses one core: it starts Jest, and tries the mutants of one file one after the other.
Promise.all(Array.from({ length: os.availableParallelism() }, mutateNext)).then(() => {
  if (failed.length === 0) return;
  console.error(`test/domain failed, or killed less than 95 % of the mutants, for: ${failed.join(", ")}.`);
  process.exit(1);
});

async function mutateNext() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const run = spawn(process.execPath, [stryker, "run"], { cwd: root, env: { ...process.env, DOMAIN_FILE: name } });
    const [output, [status]] = await Promise.all([text(run), once(run, "close")]);
    process.stdout.write(`\nsrc/domain/${name}.ts\n${output}`);
    if (status !== 0) failed.push(name);
  }
}

/** What a process prints, in order. */
async function text({ stdout, stderr }) {
  const parts = [];
  for (const stream of [stdout, stderr]) stream.on("data", (part) => parts.push(part));
  await Promise.all([once(stdout, "end"), once(stderr, "end")]);
  return Buffer.concat(parts).toString();
}
