// Preloaded by `npm start` and the operators' commands: ends the process with one line if dist/ is missing or was built
// from other sources. An image without the sources has nothing to compare.
const fs = require("node:fs");
const path = require("node:path");
const { root, hashSources, hashFile } = require("./sources.js");

const problem = () => {
  if (!fs.existsSync(hashFile)) return "There is no build";
  if (!fs.existsSync(path.join(root, "src"))) return null;
  return fs.readFileSync(hashFile, "utf8") === hashSources() ? null : "The build is stale";
};

const found = problem();
if (found) {
  process.stderr.write(`${found}: run npm run build.\n`);
  process.exit(1);
}
