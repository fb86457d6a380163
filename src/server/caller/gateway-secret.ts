import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What a request's Gateway-Secret header is good for. */
export interface GatewayTrust {
  /** Whether it may ask as the gateway does: where no secret is configured, everybody may. */
  fromGateway: boolean;
  /** Whether it proved to be the gateway, whose documents are its own. */
  knowsSecret: boolean;
}

/** Compares in constant time, whatever is told. */
export function gatewayTrust(
  { "gateway-secret": told }: IncomingHttpHeaders,
  secrets: readonly string[],
): GatewayTrust {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const knowsSecret =
    typeof told === "string" && secrets.some((secret) => timingSafeEqual(digest(secret), digest(told)));
  return { fromGateway: secrets.length === 0 || knowsSecret, knowsSecret };
}
