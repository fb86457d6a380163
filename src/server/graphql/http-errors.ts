import type { FastifyError, FastifyInstance } from "fastify";
import type { Log } from "../../log";
import { retryAfter, statusOf } from "./error-status";
import { formatError } from "./format-error";

const GRAPHQL_METHODS = "GET, POST";

/**
 * Answers what goes wrong outside GraphQL, such as a body that is no JSON, the way GraphQL's clients read errors: what
 * the sender has to mend as it is, our own failures as an id.
 */
export function handleHttpErrors(http: FastifyInstance, log: Log): void {
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500, message } = error;
    const told =
      statusCode < 500
        ? { message, extensions: { code: "BAD_USER_INPUT" } }
        : formatError({ message: "" }, error, log, request.id);
    const wait = retryAfter([told]);
    if (wait) reply.header("retry-after", wait);
    return reply.code(statusOf(told.extensions.code) ?? statusCode).send({ errors: [told] });
  });
  // Fastify's own answer quotes the address, with whatever somebody put into it.
  http.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: "There is nothing here." }));
  http.route({
    url: "/graphql",
    method: ["PUT", "PATCH", "DELETE"],
    handler: (_request, reply) => {
      const message = "Send queries by GET or POST, and everything else by POST.";
      reply.code(405).header("allow", GRAPHQL_METHODS);
      return reply.send({ errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] });
    },
  });
}
