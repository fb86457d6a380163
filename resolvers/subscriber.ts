import type { Context } from "../src/context";
import type { Subscriber } from "../src/live/subscriptions";

/** Who subscribes, from the context of the request. */
export function subscriberOf({ viewer, caller: { expiresAt, signedBy, onStalled } }: Context): Subscriber {
  return { viewer, expiresAt, signedBy, onStalled: onStalled ?? (() => undefined) };
}
