import { AwsError } from "./bedrock";

/** How long one call to AWS may take, in milliseconds, its repetitions apart. */
const CALL_MS = 4_000;
/** How long all repetitions of a call may take together. */
const TOTAL_MS = 8_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 150;

const THROTTLING = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|RequestThrottled)/;
const OUT_OF_REACH = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|EHOSTUNREACH|EAI_AGAIN|socket hang up)\b/;

/** What every client of AWS is configured with: nothing of it comes from this process's own surroundings. */
export const CALL_LIMITS = { connectionTimeout: 2_000, requestTimeout: CALL_MS, socketTimeout: CALL_MS };

/**
 * Makes one call, again with a growing pause where AWS throttles it, and for no other reason: a key that was rejected
 * is not presented thrice. Throws AwsError.
 */
export async function callAws<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const deadline = AbortSignal.timeout(TOTAL_MS);
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(AbortSignal.any([deadline, AbortSignal.timeout(CALL_MS)]));
    } catch (error) {
      const code = codeOf(error);
      if (!THROTTLING.test(code) || attempt === ATTEMPTS || deadline.aborted) throw new AwsError(code, `AWS: ${code}`);
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt));
    }
  }
}

/** AWS's own code, or one of ours: TIMEOUT, UNREACHABLE, UNREADABLE_ANSWER. What AWS says beside it may name accounts. */
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
  // The SDK calls a connection that was reset a timeout too: its own code tells them apart.
  if (OUT_OF_REACH.test(`${code} ${message}`) || name === "NetworkingError") return "UNREACHABLE";
  if (name === "AbortError" || name === "TimeoutError" || code === "ETIMEDOUT") return "TIMEOUT";
  if (error instanceof SyntaxError) return "UNREADABLE_ANSWER";
  const isNamed =
    /^[A-Z][A-Za-z0-9]{2,63}$/.test(name) && !["Error", "TypeError", "UnknownError", "Unknown"].includes(name);
  if (isNamed) return name;
  const status = $metadata?.httpStatusCode ?? 200;
  return status >= 400 ? `HTTP_${status}` : "UNREADABLE_ANSWER";
}
