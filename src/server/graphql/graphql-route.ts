import { type ApolloServer, HeaderMap } from "@apollo/server";
import type { FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { Context } from "../../context";
import { startsWithSubscription } from "../caller/fair-share";
import { operationOf } from "../documents/check-document";
import type { InFlight } from "../operations/in-flight";
import type { GraphQLRuntime } from "./runtime";

const GRAPHQL_METHODS = "GET, POST";

interface Options {
  graphql: GraphQLRuntime;
  /** Counts the operations over HTTP that have no response yet. */
  inFlight: InFlight;
}

/** Serves GraphQL over HTTP at /graphql. Needs the decorations of sessionPlugin, httpErrors and streams. */
export const graphqlRoute = fastifyPlugin<Options>(async (http, { graphql, inFlight }) => {
  const { apollo, admit, contextDependencies, share } = graphql;
  http.route({
    url: "/graphql",
    method: ["GET", "POST"],
    config: { isTraced: true },
    onRequest: (_request, reply, done) => {
      inFlight.enter(reply.raw);
      done();
    },
    // A bad token is never anonymous: the request ends here, before its document is read.
    preHandler: async (request, reply) => {
      try {
        await request.signIn();
        admit(operationOf(request), request.gatewayTrust);
      } catch (error) {
        return reply.sendEarlyError(error);
      }
    },
    handler: async (request, reply) => {
      if (await http.respondByCallback(request, reply)) return reply;
      const { caller } = request;
      const { query } = operationOf(request);
      const isWanted = () => !reply.raw.destroyed;
      const turn = { viewer: caller.viewer, startsStream: startsWithSubscription(query), isWanted };
      const run = async () => {
        const context = new Context(contextDependencies, { ...caller, onStalled: null }, request.span);
        // Nothing else stops the timer of an operation that ends before its execution.
        return await execute(apollo, request, reply, context).finally(() => context.deadline.clear());
      };
      try {
        return await share.run(turn, run);
      } catch (error) {
        return reply.sendEarlyError(error);
      }
    },
  });
  http.route({
    url: "/graphql",
    method: ["PUT", "PATCH", "DELETE"],
    handler: (_request, reply) => {
      const message = "Send queries by GET or POST, and everything else by POST.";
      reply.code(405).header("allow", GRAPHQL_METHODS);
      return reply.send({ errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] });
    },
  });
});

/** Executes the request with Apollo Server, sets the status and headers of the response, and returns the body. */
async function execute(
  apollo: ApolloServer<Context>,
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<string> {
  const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: headersOf(request),
      body: request.body,
      search: searchOf(request.url),
    },
    context: async () => context,
  });
  if (body.kind !== "complete") throw new Error("Results are never incremental here.");
  for (const [name, value] of headers) reply.header(name, value);
  reply.code(status ?? 200);
  return body.string;
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, typeof value === "string" ? value : value.join(", "));
  }
  return map;
}

function searchOf(url: string): string {
  const from = url.indexOf("?");
  return from < 0 ? "" : url.slice(from);
}
