import type { Json } from "./stripe-shapes";

/** A refusal with the real Stripe's messages and codes. */
export class StripeRefusal extends Error {
  constructor(
    message: string,
    readonly detail: { code?: string; param?: string; status?: number; type?: string; mayRace?: boolean } = {},
  ) {
    super(message);
  }

  get status(): number {
    return this.detail.status ?? 400;
  }

  /** Whether a correct caller may get it: it asked for a payment, or another call came first. */
  get isExpected(): boolean {
    return this.status === 402 || this.detail.mayRace === true;
  }

  get body(): Json {
    const { type = "invalid_request_error", code, param } = this.detail;
    return { error: { type, message: this.message, ...(code && { code }), ...(param && { param }) } };
  }
}

/** The error for anything that does not exist, such as "No such customer: …". */
export function missing(what: string, id: string, param = "id"): StripeRefusal {
  return new StripeRefusal(`No such ${what}: '${id}'`, {
    code: "resource_missing",
    param,
    status: param === "id" ? 404 : 400,
  });
}

/** Stripe's response to canceling a subscription twice. Two jobs may do so at the same time. */
export const canceledBefore = (id: string) =>
  new StripeRefusal(`No such subscription: '${id}'`, {
    code: "resource_missing",
    param: "id",
    status: 404,
    mayRace: true,
  });

export const declined = () =>
  new StripeRefusal("Your card was declined.", { type: "card_error", code: "card_declined", status: 402 });
