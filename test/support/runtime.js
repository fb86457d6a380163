const { isBuiltin } = require("node:module");
const path = require("node:path");
const JestRuntime = require("jest-runtime").default;

/** Loads the modules that the test files of a worker share. It is never torn down. */
let shared;

/**
 * Jest's runtime, which loads every module again for every test file: some 3,000 for a file that starts the service,
 * and then the schema is built again. This one does so for files in `test` alone. All others are loaded once per worker
 * (unless the environment is not shared): what they keep between calls has to serve several services in one process.
 * Jest also loads its own modules for every file, half of them for `expect` alone. Only its runner has state of one file.
 */
class SharingRuntime extends JestRuntime {
  constructor(config, environment, resolver, transformer, cacheFS, ...rest) {
    super(config, environment, resolver, transformer, cacheFS, ...rest);
    this.tests = path.join(config.rootDir, "test") + path.sep;
    if (!environment.isShared) return;
    if (!shared) {
      shared = new JestRuntime(config, environment, resolver, transformer, new Map(), ...rest);
      // Otherwise it would load nothing for hooks.
      shared.enterTestCode();
    }
    this.shared = shared;
  }

  requireModuleOrMock(from, name) {
    return this.shared && this.isSharedModule(from, name)
      ? this.shared.requireModuleOrMock(from, name)
      : super.requireModuleOrMock(from, name);
  }

  isSharedModule(from, name) {
    if (name.startsWith(".") || path.isAbsolute(name)) {
      return !path.resolve(path.dirname(from), name).startsWith(this.tests);
    }
    return !isBuiltin(name) && name !== "expect" && !name.startsWith("@jest/");
  }

  /** Jest's runner comes by its path, and all that it requires by the names of packages. */
  requireInternalModule(from, name) {
    return this.shared && name !== undefined && !name.startsWith(".")
      ? this.shared.requireInternalModule(from, name)
      : super.requireInternalModule(from, name);
  }

  /** For stack traces. */
  getSourceMaps() {
    const [own, others] = [super.getSourceMaps(), this.shared?.getSourceMaps()];
    if (!others) return own;
    return {
      get: (file) => own.get(file) ?? others.get(file),
      *[Symbol.iterator]() {
        yield* own;
        yield* others;
      },
    };
  }
}

module.exports = { __esModule: true, default: SharingRuntime };
