/** How long a client may take to send a request, in milliseconds. What runs for longer is answered with 408 and closed. */
export interface RequestTimeouts {
  /** From the connection, or the first byte of a further request, to the end of the headers. */
  headersMs: number;
  /** The same, to the end of the body. The answer may take longer, as event streams do. */
  requestMs: number;
  /** How often connections are looked at. */
  checkEveryMs: number;
}

/** A body of a megabyte within half a minute is 280 kbit/s: slow for a phone, and far from one byte a second. */
export const REQUEST_TIMEOUTS: RequestTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 1_000 };

/** The timeouts as options of Fastify, which by default switches off Node's own limit of five minutes. */
export function timeoutOptions({ headersMs, requestMs, checkEveryMs }: RequestTimeouts) {
  return {
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkEveryMs },
  };
}
