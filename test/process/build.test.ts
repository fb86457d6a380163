import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
let checkout: string;
beforeEach(() => {
  checkout = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-build-"));
  for (const folder of ["src", "schema", "resolvers", "entities", "migrations"])
    fs.mkdirSync(path.join(checkout, folder));
  for (const file of ["build.js", "require-build.js", "sources.js"]) {
    fs.cpSync(path.join(ROOT, "bin", file), path.join(checkout, "bin", file));
  }
  fs.cpSync(path.join(ROOT, "swc.config.js"), path.join(checkout, "swc.config.js"));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(checkout, "node_modules"));
  fs.writeFileSync(path.join(checkout, "src", "main.ts"), 'process.stdout.write("started\\n" as string);');
});
afterEach(() => fs.rmSync(checkout, { recursive: true, force: true }));

const node = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: checkout, encoding: "utf8" });
  return { status, output: stdout + stderr };
};
const build = () => expect(node("bin/build.js")).toEqual({ status: 0, output: "" });
const start = () => node("-r", "./bin/require-build.js", "dist/src/main.js");

test("without a build the start ends with one line", () => {
  expect(start()).toEqual({ status: 1, output: "There is no build: run npm run build.\n" });
});

test("a stale build ends the start with one line", () => {
  build();
  fs.appendFileSync(path.join(checkout, "src", "main.ts"), "\n// changed\n");
  expect(start()).toEqual({ status: 1, output: "The build is stale: run npm run build.\n" });
  build();
  expect(start()).toEqual({ status: 0, output: "started\n" });
});

test("the start ignores file times, and sources that an image lacks", () => {
  build();
  const later = new Date(Date.now() + 60_000);
  fs.utimesSync(path.join(checkout, "src", "main.ts"), later, later);
  expect(start()).toEqual({ status: 0, output: "started\n" });
  for (const folder of ["src", "schema"]) fs.rmSync(path.join(checkout, folder), { recursive: true });
  expect(start()).toEqual({ status: 0, output: "started\n" });
});
