const { readFileSync } = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { transformSync } = require("@swc/core");
const { expect } = require("expect");
const { bind } = require("jest-each");
const { jsc, ...options } = require("../../swc.config.js");

/** `hidden.jest` moves calls of `jest.mock` before all imports, as in `npm test`. */
const COMPILER = { ...options, jsc: { ...jsc, transform: { ...jsc.transform, hidden: { jest: true } } } };
const PARAMETERS = ["module", "exports", "require", "__dirname", "jest", "describe", "test", "expect"];

/**
 * The code of each file.
 *
 * @type {Map<string, Function>}
 */
const compiled = new Map();

/** Modules of `src/domain` and its tests. They are new for every run, their code is not. */
class Modules {
  constructor(globals) {
    this.globals = globals;
    this.loaded = new Map();
    this.mocks = new Map();
  }

  load(file) {
    const known = this.loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    this.loaded.set(file, module);
    const mock = this.mocks.get(file);
    if (mock) module.exports = mock();
    else if (file.endsWith(".json")) module.exports = JSON.parse(readFileSync(file, "utf8"));
    else this.execute(file, module);
    return module.exports;
  }

  execute(file, module) {
    const { describe, test } = this.globals;
    const directory = path.dirname(file);
    const pathOf = (name) => path.resolve(directory, path.extname(name) === "" ? `${name}.ts` : name);
    const jest = { mock: (name, factory) => this.mocks.set(pathOf(name), factory) };
    const load = (name) => (name.startsWith(".") ? this.load(pathOf(name)) : require(name));
    codeOf(file)(module, module.exports, load, directory, jest, describe, test, expect);
  }
}

function codeOf(file) {
  const known = compiled.get(file);
  if (known) return known;
  const { code } = transformSync(readFileSync(file, "utf8"), { ...COMPILER, filename: file, sourceMaps: false });
  const result = vm.compileFunction(code, PARAMETERS, { filename: file });
  compiled.set(file, result);
  return result;
}

/** Loads test files, and yields the name of each test and a function that runs it. */
function* testsOf(files) {
  for (const file of files) {
    const tests = [];
    const blocks = [];
    const test = (name, run) => tests.push({ name: [...blocks, name].join(" "), run });
    test.each = bind(test, false);
    const describe = (name, define) => {
      blocks.push(name);
      define();
      blocks.pop();
    };
    new Modules({ describe, test }).load(file);
    yield* tests;
  }
}

module.exports = { testsOf };
