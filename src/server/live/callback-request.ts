import { z } from "zod";
import { Denied } from "../../domain/denial";

/** A router's request to send the results of a subscription to its URL. */
export interface CallbackRequest {
  url: string;
  id: string;
  /** Sent with every message, so that the router can verify the sender. */
  verifier: string;
  /** The longest time between two checks, in milliseconds; 0: no checks. */
  heartbeatMs: number;
}

const DEFAULT_HEARTBEAT_MS = 5_000;
const SHORTEST_HEARTBEAT_MS = 10;
const LONGEST_HEARTBEAT_MS = 24 * 60 * 60 * 1000;

const Extension = z.object({
  callbackUrl: z.string().max(2_048),
  subscriptionId: z.string().min(1).max(255),
  verifier: z.string().min(1).max(2_048),
  heartbeatIntervalMs: z.number().int().min(0).max(LONGEST_HEARTBEAT_MS).default(DEFAULT_HEARTBEAT_MS),
});

/** Whether a request's body requests callbacks. */
export function wantsCallbacks(body: unknown): body is { extensions: { subscription: object } } {
  const { extensions } = (body ?? {}) as { extensions?: { subscription?: unknown } | null };
  return typeof extensions?.subscription === "object" && extensions.subscription !== null;
}

/**
 * Parses a request for callbacks. Throws BAD_USER_INPUT if it does not follow the protocol, or if its URL is not below
 * one of `allowed`: a request could otherwise make this service call any server.
 */
export function parseCallbackRequest(
  { extensions }: { extensions: { subscription: object } },
  allowed: readonly string[],
): CallbackRequest {
  const parsed = Extension.safeParse(extensions.subscription);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Denied(
      "BAD_USER_INPUT",
      `extensions.subscription.${issue?.path.join(".")} does not follow callback/1.0.`,
    );
  }
  const { callbackUrl, subscriptionId: id, verifier, heartbeatIntervalMs } = parsed.data;
  const url = URL.canParse(callbackUrl) ? new URL(callbackUrl) : null;
  if (!url || !allowed.some((prefix) => isBelow(url, new URL(prefix)))) {
    throw new Denied(
      "BAD_USER_INPUT",
      "This service may not call extensions.subscription.callbackUrl. See SUBSCRIPTION_CALLBACK_URLS.",
    );
  }
  const heartbeatMs = heartbeatIntervalMs === 0 ? 0 : Math.max(heartbeatIntervalMs, SHORTEST_HEARTBEAT_MS);
  return { url: url.href, id, verifier, heartbeatMs };
}

/** Compares parsed URLs, which resolves "..", credentials and unusual spellings of hosts. */
function isBelow(url: URL, prefix: URL): boolean {
  if (url.origin !== prefix.origin || url.username !== "" || url.password !== "") return false;
  const folder = prefix.pathname.replace(/\/*$/, "/");
  return `${url.pathname}/`.startsWith(folder);
}
