// Compiles the TypeScript sources into dist/, which `npm start` runs, and writes the hash of these sources beside them.
const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");
const { transformFileSync } = require("@swc/core");
const options = require("../swc.config.js");
const { root, sourceFiles, hashSources, hashFile } = require("./sources.js");

const target = path.join(root, "dist");
fs.rmSync(target, { recursive: true, force: true });
for (const file of sourceFiles()) {
  const out = path.join(target, file.replace(/\.ts$/, ".js"));
  fs.mkdirSync(path.dirname(out), { recursive: true });
  if (file.endsWith(".json")) {
    fs.copyFileSync(path.join(root, file), out);
  } else {
    const { code } = transformFileSync(path.join(root, file), { ...options, sourceMaps: "inline", swcrc: false });
    fs.writeFileSync(out, code);
  }
}
fs.writeFileSync(hashFile, hashSources());
buildConsole().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});

/** Builds the console into dist/web, if its workspace is installed. */
async function buildConsole() {
  if (!fs.existsSync(path.join(root, "web"))) return;
  try {
    require.resolve("vite");
  } catch {
    process.stdout.write("The console's packages are not installed: the service is built without it.\n");
    return;
  }
  const { build } = await import("vite");
  await build({ configFile: path.join(root, "web", "vite.config.mts"), logLevel: "warn" });
  compress(path.join(target, "web", "assets"));
  const documents = path.join(root, "web", "src", "graph", "generated", "trusted-documents.json");
  fs.copyFileSync(documents, path.join(target, "web", "trusted-documents.json"));
}

/** Writes each file a second and third time, compressed, so that the service never has to. */
function compress(directory) {
  for (const name of fs.readdirSync(directory)) {
    const file = path.join(directory, name);
    const content = fs.readFileSync(file);
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(content, { level: 9 }));
    fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(content));
  }
}
