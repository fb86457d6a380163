// Runs an entry point, e.g. `node bin/run.js src/main`: from dist/ where that is current, otherwise straight from the
// sources, so that nothing has to be written into a read-only checkout.
const fs = require("node:fs");
const path = require("node:path");
const v8 = require("node:v8");

// By itself, V8 collects when the heap has grown several times over. Whoever watches for long keeps what it reads by in
// the old generation: collected at half as much again, memory stays near what is really held, for a few milliseconds.
v8.setFlagsFromString("--heap-growing-percent=50");

const root = path.join(__dirname, "..");
const entry = process.argv[2] ?? "src/main";
process.argv.splice(1, 2, entry);

const newest = (folder) =>
  Math.max(...fs.readdirSync(folder, { recursive: true }).map((file) => fs.statSync(path.join(folder, file)).mtimeMs));
const built = path.join(root, "dist", `${entry}.js`);
const sources = ["src", "schema", "resolvers", "entities", "migrations"].map((folder) => path.join(root, folder));
const isCurrent = fs.existsSync(built) && fs.statSync(built).mtimeMs >= Math.max(...sources.map(newest));

if (isCurrent) require(built);
else {
  require("@swc-node/register");
  require(path.join(root, `${entry}.ts`));
}
