import type { Json } from "./stripe-shapes";

/** A refusal with the real Stripe's messages and codes. */
export class StripeRefusal extends Error {
  constructor(
    message: string,
    readonly detail: { code?: string; param?: string; status?: number; type?: string } = {},
  ) {
    super(message);
  }

  get status(): number {
    return this.detail.status ?? 400;
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

export const declined = () =>
  new StripeRefusal("Your card was declined.", { type: "card_error", code: "card_declined", status: 402 });
