/**
 * The long proofs in full, then `npm run mutate`. `npm test` runs the same files in a short form. Arguments name files:
 * `npm run prove -- test/live/replicas`. With `--with-the-rest`, all other tests follow the proofs in the same run.
 */
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { FILES, SIZES } = require("./proofs.js");

const TIMEOUT_MS = 1_800_000;
/** Jest begins with the proofs: the short tests after them keep every worker busy until the end. */
const EVERYTHING = [`--testSequencer=${require.resolve("./proofs-first.js")}`];

const root = path.join(__dirname, "..");
const named = process.argv.slice(2);
const isEverything = named.length === 1 && named[0] === "--with-the-rest";
const isWhole = named.length === 0 || isEverything;
const chosen = isEverything ? EVERYTHING : isWhole ? FILES : named;
run(require.resolve("jest/bin/jest"), [...chosen, `--testTimeout=${TIMEOUT_MS}`]);
if (isWhole) run(path.join(root, "bin", "mutate.js"), []);

function run(script, parameters) {
  const { status } = spawnSync(process.execPath, [script, ...parameters], {
    cwd: root,
    env: { ...SIZES, ...process.env },
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
