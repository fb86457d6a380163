import { createHash } from "node:crypto";

/** An idempotency key: the same for the same parts, and within Stripe's 255 characters however long they are. */
export function idempotencyKeyOf(call: string, ...dependencies: unknown[]): string {
  return `${call}:${createHash("sha256").update(JSON.stringify(dependencies)).digest("hex")}`;
}
