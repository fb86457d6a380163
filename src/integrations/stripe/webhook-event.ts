import type Stripe from "stripe";
import { BadEvent, BadSignature, type BillingEvent } from "./billing";

/** How far from now the time in a webhook's signature may be, in seconds, either way. */
const TOLERANCE_S = 300;
/** What fits where ids are kept, and prints. Stripe's own are far shorter. */
const ID = /^[\x21-\x7e]{1,255}$/;

/**
 * The event in a request's raw body. The signature proves who sent it and when: one of a time to come is no more good
 * than an old one, because it could be kept and used later. An event whose id is no id cannot be taken once. Whose it is
 * may be unknown: such an event is taken, and concerns nobody.
 */
export function readEvent(stripe: Stripe, body: Buffer, signature: string | undefined, secret: string): BillingEvent {
  const { id, type, data } = signedEvent(stripe, body, signature, secret);
  assertRecent(signature ?? "");
  if (typeof id !== "string" || !ID.test(id)) {
    throw new BadEvent("The event's 'id' has to be 1 to 255 printable ASCII characters.");
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
  if (!verifier) throw new Error("Stripe's library cannot verify signatures here.");
  try {
    verifier.verifyHeader(body, signature ?? "", secret, TOLERANCE_S);
  } catch (error) {
    throw new BadSignature(error instanceof Error ? error.message.split("\n")[0] : "unreadable");
  }
  const event = parsed(body);
  if (typeof event !== "object" || event === null) throw new BadEvent("The body has to be a JSON object.");
  return event;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadEvent("The body has to be JSON.");
  }
}

// Stripe's library looks for old signatures alone. It has verified the time that is read here: the last one in the header.
function assertRecent(signature: string): void {
  const time = signature.split(",").findLast((part) => part.startsWith("t="));
  if (Number.parseInt(time?.slice(2) ?? "", 10) - Date.now() / 1000 <= TOLERANCE_S) return;
  throw new BadSignature("The signature's time is in the future: check the clocks.");
}

function customerOf(object: unknown): string | null {
  if (typeof object !== "object" || object === null) return null;
  const { object: kind, id, customer } = object as { object?: unknown; id?: unknown; customer?: unknown };
  const owner = typeof customer === "object" && customer !== null ? (customer as { id?: unknown }).id : customer;
  const customerId = kind === "customer" ? id : owner;
  return typeof customerId === "string" && ID.test(customerId) ? customerId : null;
}
