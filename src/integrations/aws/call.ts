import { AwsError } from "./bedrock";

/** How long one call to AWS may take, in milliseconds, its repetitions apart. */
const CALL_MS = 4_000;
/** How long all that is asked of AWS at one time may take together; an operation has longer than that. */
const TOTAL_MS = 8_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 150;

const THROTTLING = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|RequestThrottled)/;
const OUT_OF_REACH = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|EHOSTUNREACH|EAI_AGAIN|socket hang up)\b/;

/** What every client of AWS is configured with: nothing of it comes from this process's own surroundings. */
export const CALL_LIMITS = { connectionTimeout: 2_000, requestTimeout: CALL_MS, socketTimeout: CALL_MS };

/** When everything that is asked of AWS at one time has to be answered. */
export function awsDeadline(): AbortSignal {
  return AbortSignal.timeout(TOTAL_MS);
}

/**
 * Makes one call, again with a growing pause where AWS throttles it, and for no other reason: a key that was rejected
 * is not presented thrice. Throws AwsError.
 */
export async function callAws<Result>(
  call: (signal: AbortSignal) => Promise<Result>,
  deadline: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTime(call, AbortSignal.any([deadline, AbortSignal.timeout(CALL_MS)]));
    } catch (error) {
      const code = codeOf(error);
      if (!THROTTLING.test(code) || attempt === ATTEMPTS || deadline.aborted) throw new AwsError(code, `AWS: ${code}`);
      const pause = FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** The SDK minds the signal until an answer begins; a body that trickles has to end in time as well. */
function inTime<Result>(call: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = () => reject(signal.reason);
    if (signal.aborted) return late();
    signal.addEventListener("abort", late, { once: true });
    call(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", late));
  });
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
