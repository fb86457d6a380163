import { z } from "zod";
import { Denied } from "../../domain/denial";

/** What a router asks for: the results of a subscription, sent to its address. */
export interface CallbackRequest {
  url: string;
  id: string;
  /** Sent with every message, so that the router knows that it comes from whom it asked. */
  verifier: string;
  /** How often the router has to hear of the subscription, in milliseconds; 0: it need not. */
  heartbeatMs: number;
}

const APOLLOS_HEARTBEAT_MS = 5_000;
const SHORTEST_HEARTBEAT_MS = 10;
const LONGEST_HEARTBEAT_MS = 24 * 60 * 60 * 1000;

const Extension = z.object({
  callbackUrl: z.string().max(2_048),
  subscriptionId: z.string().min(1).max(255),
  verifier: z.string().min(1).max(2_048),
  heartbeatIntervalMs: z.number().int().min(0).max(LONGEST_HEARTBEAT_MS).default(APOLLOS_HEARTBEAT_MS),
});

/** Whether a request's body asks for callbacks at all. */
export function wantsCallbacks(body: unknown): body is { extensions: { subscription: object } } {
  const { extensions } = (body ?? {}) as { extensions?: { subscription?: unknown } | null };
  return typeof extensions?.subscription === "object" && extensions.subscription !== null;
}

/**
 * Reads where a router wants its callbacks. Throws BAD_USER_INPUT for what is not in the shape of the protocol, and for
 * every address that is not below one of `allowed`: a request must not choose whom this service talks to.
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
      `extensions.subscription.${issue?.path.join(".")} is not as callback/1.0 has it.`,
    );
  }
  const { callbackUrl, subscriptionId: id, verifier, heartbeatIntervalMs } = parsed.data;
  const url = URL.canParse(callbackUrl) ? new URL(callbackUrl) : null;
  if (!url || !allowed.some((prefix) => isBelow(url, new URL(prefix)))) {
    throw new Denied("BAD_USER_INPUT", "extensions.subscription.callbackUrl is not one that this service may call.");
  }
  const heartbeatMs = heartbeatIntervalMs === 0 ? 0 : Math.max(heartbeatIntervalMs, SHORTEST_HEARTBEAT_MS);
  return { url: url.href, id, verifier, heartbeatMs };
}

/** Both are parsed, so "..", credentials and odd spellings of hosts cannot pass for something else. */
function isBelow(url: URL, prefix: URL): boolean {
  if (url.origin !== prefix.origin || url.username !== "" || url.password !== "") return false;
  const folder = prefix.pathname.replace(/\/*$/, "/");
  return `${url.pathname}/`.startsWith(folder);
}
