const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const FOLDERS = ["src", "schema", "resolvers", "entities", "migrations"];

/** The files that the build reads, relative to the repository, in a fixed order. */
function sourceFiles() {
  const files = FOLDERS.flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true }).map((entry) => path.join(folder, String(entry))),
  );
  return files.filter((file) => /\.(ts|json)$/.test(file)).sort();
}

/** The files from which the console is built, relative to the repository. */
function consoleFiles() {
  if (!fs.existsSync(path.join(root, "web"))) return [];
  const sources = fs.readdirSync(path.join(root, "web", "src"), { recursive: true, withFileTypes: true });
  const files = sources
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  return [...files, "web/index.html", "web/package.json", "web/vite.config.mts"].sort();
}

/**
 * A hash of the sources and the compiler's options. File times cannot be used, because checkouts and image layers
 * change them.
 */
function hashSources() {
  const hash = createHash("sha256");
  for (const file of [...sourceFiles(), ...consoleFiles(), "swc.config.js"]) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

module.exports = { root, sourceFiles, hashSources, hashFile: path.join(root, "dist", "sources.sha256") };
