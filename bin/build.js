// Turns every TypeScript file into JavaScript below dist/, which production runs.
const fs = require("node:fs");
const path = require("node:path");
const { transformFileSync } = require("@swc/core");
const options = require("../swc.config.js");

const root = path.join(__dirname, "..");
const target = path.join(root, "dist");
fs.rmSync(target, { recursive: true, force: true });
for (const folder of ["src", "schema", "resolvers", "entities", "migrations"]) {
  for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true })) {
    const file = path.join(folder, String(entry));
    const out = path.join(target, file.replace(/\.ts$/, ".js"));
    if (file.endsWith(".ts")) {
      const { code } = transformFileSync(path.join(root, file), { ...options, sourceMaps: "inline", swcrc: false });
      fs.mkdirSync(path.dirname(out), { recursive: true });
      fs.writeFileSync(out, code);
    } else if (file.endsWith(".json")) {
      fs.mkdirSync(path.dirname(out), { recursive: true });
      fs.copyFileSync(path.join(root, file), out);
    }
  }
}
