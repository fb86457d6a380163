/**
 * Runs the tests on another version of Node, which comes as an npm package: `npm run check:node -- 24`. Further arguments go
 * to Jest: `npm run check:node -- 24 test/live`. The runtime stays in node_modules/.cache.
 */
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync } = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const [version, ...rest] = process.argv.slice(2);
if (!/^\d+(\.\d+\.\d+)?$/.test(version ?? "")) {
  console.error("Name a version of Node: npm run check:node -- 24");
  process.exit(1);
}
const runtime = `node-${process.platform}-${process.arch}`;
const folder = path.join(root, "node_modules", ".cache", `node-${version}`);
const bin = path.join(folder, "node_modules", runtime, "bin");
// The tests start processes of their own, which find the same runtime.
const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
if (!existsSync(bin)) install();
run(path.join(bin, "node"), ["--version"]);
run(path.join(bin, "node"), ["bin/build.js"]);
run(path.join(bin, "node"), [path.join("node_modules", "jest", "bin", "jest.js"), ...rest]);

function install() {
  mkdirSync(folder, { recursive: true });
  run("npm", ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", `${runtime}@${version}`]);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env });
  if (error) console.error(`${command} could not be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
