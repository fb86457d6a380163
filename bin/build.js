// Compiles the TypeScript sources into dist/, which `npm start` runs, and writes the hash of these sources beside them.
const fs = require("node:fs");
const path = require("node:path");
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
