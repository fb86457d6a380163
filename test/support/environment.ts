import { readFileSync } from "node:fs";
import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";

/** What Jest leaves in the global object for one test file. */
const OF_ONE_FILE = /^(EVENT_HANDLERS|JEST_STATE_SYMBOL|RETRY_\w+|\w+_RETRY|TEST_TIMEOUT_SYMBOL)$/;

type Environment = InstanceType<typeof TestEnvironment>;
type Parameters = ConstructorParameters<typeof TestEnvironment>;

/** The environment of all files that share their modules. One per worker process. */
let shared: Environment | undefined;

/**
 * Node's environment, which the test files of a worker share. With `runtime.js` they also share the modules of the
 * service and of packages, whose loading would take longer than most files' tests. A file that mocks modules or has the
 * pragma `@own-modules` has both for itself, and so have all files while Jest watches for changes.
 */
export default class SharedEnvironment {
  readonly isShared: boolean;
  readonly global: Environment["global"];
  readonly fakeTimers: Environment["fakeTimers"];
  readonly fakeTimersModern: Environment["fakeTimersModern"];
  readonly moduleMocker: Environment["moduleMocker"];
  private readonly inner: Environment;
  private readonly exit: typeof process.exit;

  constructor(...[config, context]: Parameters) {
    const { watch, watchAll } = config.globalConfig;
    const mocksModules = readFileSync(context.testPath, "utf8").includes("jest.mock(");
    this.isShared = !watch && !watchAll && !mocksModules && !("own-modules" in context.docblockPragmas);
    if (this.isShared) shared ??= new TestEnvironment(config, context);
    this.inner = this.isShared && shared ? shared : new TestEnvironment(config, context);
    ({
      global: this.global,
      fakeTimers: this.fakeTimers,
      fakeTimersModern: this.fakeTimersModern,
      moduleMocker: this.moduleMocker,
    } = this.inner);
    this.exit = this.global.process.exit;
  }

  async setup(): Promise<void> {
    await this.inner.setup();
  }

  /** Jest restores mocked functions itself. */
  async teardown(): Promise<void> {
    if (!this.isShared) return await this.inner.teardown();
    const { global } = this;
    this.fakeTimers?.useRealTimers();
    this.fakeTimersModern?.useRealTimers();
    global.process.exit = this.exit;
    for (const name of Object.keys(global.process.env)) delete global.process.env[name];
    Object.assign(global.process.env, process.env);
    for (const key of Object.getOwnPropertySymbols(global)) {
      if (OF_ONE_FILE.test(key.description ?? "")) Reflect.deleteProperty(global, key);
    }
  }

  exportConditions(): string[] {
    return this.inner.exportConditions();
  }

  getVmContext(): vm.Context | null {
    return this.inner.getVmContext();
  }
}

/** By source text, because V8 compares only the length. One cache per worker process, about 20 MB. */
const compiled = new Map<string, Buffer>();
const compileFunction = vm.compileFunction;

/** Test files and their support are loaded again for every file. A third of that time is parsing, which V8 now reuses. */
vm.compileFunction = (source, parameters, options) => {
  const cachedData = compiled.get(source);
  if (cachedData) return compileFunction(source, parameters, { ...options, cachedData });
  const result = compileFunction(source, parameters, { ...options, produceCachedData: true });
  if (result.cachedData) compiled.set(source, result.cachedData);
  return result;
};
