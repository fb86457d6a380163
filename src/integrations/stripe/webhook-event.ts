import type Stripe from "stripe";
import { BadEvent, BadSignature, type BillingEvent } from "./billing";

/** How far the signature's time may be in the past or in the future, in seconds. */
const TOLERANCE_S = 300;
/** Fits the id columns and is printable. Stripe's ids are far shorter. */
const ID = /^[\x21-\x7e]{1,255}$/;

/**
 * Verifies and parses a webhook's raw body. The signature proves sender and time. A time in the future is rejected like
 * an old one, because the request could be stored and replayed later. The id must be valid, because events are
 * deduplicated by it. Events without a customer are accepted. Throws BadSignature and BadEvent.
 */
export function readEvent(stripe: Stripe, body: Buffer, signature: string | undefined, secret: string): BillingEvent {
  const { id, type, data } = signedEvent(stripe, body, signature, secret);
  assertRecent(signature ?? "");
  if (typeof id !== "string" || !ID.test(id)) {
    throw new BadEvent("The event's 'id' must be 1 to 255 printable ASCII characters.");
  }
  return { id, type: typeof type === "string" ? type : "", customerId: customerOf(data?.object) };
}

interface SignedEvent {
  id?: unknown;
  type?: unknown;
  data?: { object?: unknown } | null;
}

function signedEvent(stripe: Stripe, body: Buffer, signature: string | undefined, secret: string): SignedEvent {
  const { signature: verifier } = stripe.webhooks;
  if (!verifier) throw new Error("This build of Stripe's library cannot verify signatures.");
  try {
    verifier.verifyHeader(body, signature ?? "", secret, TOLERANCE_S);
  } catch (error) {
    throw new BadSignature(error instanceof Error ? error.message.split("\n")[0] : "unreadable");
  }
  const event = parseJson(body);
  if (typeof event !== "object" || event === null) throw new BadEvent("The body must be a JSON object.");
  return event;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadEvent("The body must be JSON.");
  }
}

// Stripe's library rejects only old signatures. The time it has verified is the last one in the header.
function assertRecent(signature: string): void {
  const time = signature.split(",").findLast((part) => part.startsWith("t="));
  if (Number.parseInt(time?.slice(2) ?? "", 10) - Date.now() / 1000 <= TOLERANCE_S) return;
  throw new BadSignature("The signature's time is in the future. Check the clocks.");
}

function customerOf(object: unknown): string | null {
  if (typeof object !== "object" || object === null) return null;
  const { object: kind, id, customer } = object as { object?: unknown; id?: unknown; customer?: unknown };
  const owner = typeof customer === "object" && customer !== null ? (customer as { id?: unknown }).id : customer;
  const customerId = kind === "customer" ? id : owner;
  return typeof customerId === "string" && ID.test(customerId) ? customerId : null;
}
