/** Also while a test counts timers itself. */
const { setTimeout: start } = globalThis;

/** Before another look at what a test waits for: looking without a pause would take the processor from it. */
export function aMoment(): Promise<void> {
  return new Promise((resolve) => start(resolve, 5));
}
