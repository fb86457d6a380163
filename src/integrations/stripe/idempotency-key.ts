import { createHash } from "node:crypto";

/** An idempotency key for Stripe: equal for equal inputs, and hashed to fit into 255 characters. */
export function idempotencyKeyOf(call: string, ...inputs: unknown[]): string {
  return `${call}:${createHash("sha256").update(JSON.stringify(inputs)).digest("hex")}`;
}
