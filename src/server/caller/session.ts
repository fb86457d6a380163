import type { FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import type { Caller } from "../../context";
import { ANONYMOUS, type Authenticate, type Session } from "./authenticate";
import { type GatewayTrust, gatewayTrust } from "./gateway-secret";

declare module "fastify" {
  interface FastifyRequest {
    /** Null until `signIn` has run. */
    session: Session | null;
    /** What the Gateway-Secret header proves. */
    readonly gatewayTrust: GatewayTrust;
    /** The caller as a Context takes it; anonymous until `signIn` has run. */
    readonly caller: Omit<Caller, "onStalled">;
    /** Sets `session` from the Authorization header. Throws UNAUTHENTICATED for a bad token. */
    signIn(): Promise<void>;
  }
}

interface Options {
  authenticate: Authenticate;
  gatewaySecrets: readonly string[];
}

/** Decorates requests with their session and caller. */
export const sessionPlugin = fastifyPlugin<Options>(async (http, { authenticate, gatewaySecrets }) => {
  http.decorateRequest("session", null);
  http.decorateRequest("signIn", async function (this: FastifyRequest) {
    this.session = await authenticate(this.headers.authorization, this.span);
  });
  http.decorateRequest("gatewayTrust", {
    getter() {
      return gatewayTrust(this.headers, gatewaySecrets);
    },
  });
  http.decorateRequest("caller", {
    getter() {
      const { viewer, expiresAt, signedBy } = this.session ?? ANONYMOUS;
      return { requestId: this.id, viewer, expiresAt, signedBy, ...idempotencyOf(this), ...this.gatewayTrust };
    },
  });
});

/** Node.js joins repeated headers of these names into one text. */
function idempotencyOf({ headers }: FastifyRequest): Pick<Caller, "idempotencyKey" | "idempotentPlace"> {
  const read = (name: string) => (typeof headers[name] === "string" ? headers[name] : null);
  const idempotentPlace = { operation: read("idempotency-operation"), field: read("idempotency-field") };
  return { idempotencyKey: read("idempotency-key"), idempotentPlace };
}
