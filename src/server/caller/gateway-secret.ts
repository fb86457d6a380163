import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What a request's Gateway-Secret header allows. */
export interface GatewayTrust {
  /** Whether the request may use the fields reserved for the gateway. Every request may if no secret is configured. */
  fromGateway: boolean;
  /** Whether the request sent the secret. The gateway generates documents, so they need not be on the trusted list. */
  knowsSecret: boolean;
}

/** Checks the Gateway-Secret header against the configured secrets, in constant time. */
export function gatewayTrust(
  { "gateway-secret": sent }: IncomingHttpHeaders,
  secrets: readonly string[],
): GatewayTrust {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const knowsSecret =
    typeof sent === "string" && secrets.some((secret) => timingSafeEqual(digest(secret), digest(sent)));
  return { fromGateway: secrets.length === 0 || knowsSecret, knowsSecret };
}

/**
 * The trace that a request continues. Only the gateway's counts: other clients could have all their requests sampled,
 * or add spans to foreign traces.
 */
export function traceparentOf({ traceparent }: IncomingHttpHeaders, { fromGateway }: GatewayTrust): string | null {
  return typeof traceparent === "string" && fromGateway ? traceparent : null;
}
