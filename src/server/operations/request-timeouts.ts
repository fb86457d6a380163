/** How long a client may take to send a request. Slower ones get status 408, and their connection is closed. */
export interface RequestTimeouts {
  /** From the connection, or the first byte of a later request, to the end of the headers. */
  headersMs: number;
  /** The same, to the end of the body. The response may take longer, as event streams do. */
  requestMs: number;
  /** How often connections are checked. */
  checkEveryMs: number;
}

/** One megabyte in 30 seconds is 280 kbit/s: slow for a phone, but far from an attacker's one byte per second. */
export const REQUEST_TIMEOUTS: RequestTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 1_000 };

/** The timeouts as Fastify's options. By default, Fastify switches off Node's own limit of five minutes. */
export function timeoutOptions({ headersMs, requestMs, checkEveryMs }: RequestTimeouts) {
  return {
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkEveryMs },
  };
}
