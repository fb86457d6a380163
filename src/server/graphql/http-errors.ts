import type { FastifyError, FastifyReply } from "fastify";
import fastifyPlugin from "fastify-plugin";
import type { Log } from "../../log";
import { earlyError } from "./early-error";
import { retryAfter, statusOf } from "./error-status";
import { formatError } from "./format-error";

declare module "fastify" {
  interface FastifyReply {
    /** Sends an error that occurred before Apollo Server got the request. */
    sendEarlyError(error: unknown): FastifyReply;
  }
}

/**
 * Responds to errors outside GraphQL, such as a body that is not JSON, in the form that GraphQL clients read. Errors of
 * the client keep their message. Errors of the service are logged, and the client gets the request's id.
 */
export const httpErrors = fastifyPlugin<{ log: Log }>(async (http, { log }) => {
  http.decorateReply("sendEarlyError", function (this: FastifyReply, error: unknown) {
    const { headers: requestHeaders, id: requestId } = this.request;
    const { status, headers, body } = earlyError(error, { accept: requestHeaders.accept ?? "", log, requestId });
    return this.code(status).headers(headers).send(body);
  });
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500, message } = error;
    const formatted =
      statusCode < 500
        ? { message, extensions: { code: "BAD_USER_INPUT" } }
        : formatError({ message: "" }, error, log, request.id);
    const wait = retryAfter([formatted]);
    if (wait) reply.header("retry-after", wait);
    return reply.code(statusOf(formatted.extensions.code) ?? statusCode).send({ errors: [formatted] });
  });
  // Fastify's default response quotes the requested path, which may contain anything.
  http.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ message: "There is no such page. GraphQL is served at /graphql." }),
  );
});
