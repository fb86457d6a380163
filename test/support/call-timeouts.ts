import { CALL_LIMITS } from "../../src/integrations/aws/call";

/**
 * Lets a test control the time limit of calls to AWS, for calls without a response. Returns a function that ends all
 * running calls, as if their time had passed.
 */
export function holdCallTimeouts(): () => void {
  const running = new Set<AbortController>();
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  jest.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    if (milliseconds !== CALL_LIMITS.requestTimeout) return timeout(milliseconds);
    const call = new AbortController();
    running.add(call);
    return AbortSignal.any([call.signal, timeout(milliseconds)]);
  });
  return () => {
    for (const call of running) call.abort(new DOMException("The time of the call has passed.", "TimeoutError"));
    running.clear();
  };
}
