import { AwsError } from "./bedrock";

/** Time limit of one attempt, in milliseconds. */
const CALL_MS = 4_000;
/** Time limit of all calls for one request. Must stay below the deadline of a GraphQL operation. */
const TOTAL_MS = 8_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 150;

const THROTTLING = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|RequestThrottled)/;
const NETWORK_FAILURE = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|EHOSTUNREACH|EAI_AGAIN|socket hang up)\b/;

/** Timeouts for every AWS client, in milliseconds. */
export const CALL_LIMITS = { connectionTimeout: 2_000, requestTimeout: CALL_MS, socketTimeout: CALL_MS };

/** The deadline that all AWS calls of one request share. */
export function awsDeadline(): AbortSignal {
  return AbortSignal.timeout(TOTAL_MS);
}

/**
 * Makes one call. Retries with growing pauses, but only when AWS throttles: a rejected key is not sent again. Throws
 * AwsError.
 */
export async function callAws<Result>(
  call: (signal: AbortSignal) => Promise<Result>,
  deadline: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await raceWithSignal(call, AbortSignal.any([deadline, AbortSignal.timeout(CALL_MS)]));
    } catch (error) {
      const code = codeOf(error);
      if (!THROTTLING.test(code) || attempt === ATTEMPTS) throw new AwsError(code, `AWS: ${code}`);
      const pause = FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** The SDK honors the signal only until the response starts; this also cuts off a body that arrives slowly. */
function raceWithSignal<Result>(call: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    call(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/** AWS's error code, or TIMEOUT, UNREACHABLE or UNREADABLE_ANSWER. AWS's messages are dropped: they may name accounts. */
function codeOf(error: unknown): string {
  const {
    name = "",
    code = "",
    message = "",
    $metadata,
  } = error as {
    name?: string;
    code?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  // The SDK also reports a reset connection as a timeout, so the system's error code is checked first.
  if (NETWORK_FAILURE.test(`${code} ${message}`)) return "UNREACHABLE";
  if (name === "AbortError" || name === "TimeoutError" || code === "ETIMEDOUT") return "TIMEOUT";
  if (error instanceof SyntaxError) return "UNREADABLE_ANSWER";
  const isNamed =
    /^[A-Z][A-Za-z0-9]{2,63}$/.test(name) && !["Error", "TypeError", "UnknownError", "Unknown"].includes(name);
  if (isNamed) return name;
  const status = $metadata?.httpStatusCode ?? 200;
  return status >= 400 ? `HTTP_${status}` : "UNREADABLE_ANSWER";
}
