import type { FastifyInstance } from "fastify";
import { tracedServices } from "../commands/runner/traced-services";
import type { Services } from "../commands/runner/unit-of-work";
import { BadEvent, BadSignature } from "../integrations/stripe/billing";
import type { Log } from "../log";
import { recordBillingEvent } from "../store/billing-events";

/** Receives Stripe's events. Responds as soon as an event is stored; a job processes it. */
export async function stripeWebhook(http: FastifyInstance, options: { services: Services; log: Log }): Promise<void> {
  const { services, log } = options;
  // The signature covers the raw bytes. These parsers hold for this route only: Fastify encapsulates the plugin.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  http.post("/webhooks/stripe", { config: { isTraced: true } }, async (request, reply) => {
    const { billing } = services.integrations;
    if (!billing) return await reply.code(404).send({ error: "No payment provider is configured." });
    const signature = request.headers["stripe-signature"];
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    try {
      const event = billing.readEvent(body, typeof signature === "string" ? signature : undefined);
      const { database } = tracedServices(services, request.span);
      await recordBillingEvent(database, event.id, event.customerId, services.clock.now());
      return await reply.code(200).send({ received: true });
    } catch (error) {
      if (!(error instanceof BadSignature || error instanceof BadEvent)) throw error;
      log.warn({ requestId: request.id, reason: error.message }, "a webhook was refused");
      const reason = error instanceof BadEvent ? error.message : "The signature is invalid.";
      return await reply.code(400).send({ error: reason });
    }
  });
}
