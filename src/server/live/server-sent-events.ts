import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ExecutionResult } from "graphql";
import { createHandler, type Response } from "graphql-sse";
import type { Caller } from "../../context";
import type { Log } from "../../log";
import type { LiveRequest, Operate, OperationResult } from "../graphql/operate";

interface Dependencies {
  operate: Operate;
  callerOf(request: FastifyRequest): Omit<Caller, "onStalled">;
  preHandler(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  log: Log;
}

const STREAM = "text/event-stream";

/** No proxy may cache, compress or buffer the events. X-Accel-Buffering is for nginx and proxies built on it. */
const HEADERS = {
  "content-type": `${STREAM}; charset=utf-8`,
  "cache-control": "no-cache, no-store, no-transform",
  "x-accel-buffering": "no",
};

/** Serves graphql-sse's distinct connections mode at /graphql/stream. Call `close` after `Subscriptions.drain`. */
export function serveServerSentEvents(http: FastifyInstance, dependencies: Dependencies): { close(): void } {
  const responses = new Set<ServerResponse>();
  const handle = createSseHandler(dependencies);
  http.route({
    url: "/graphql/stream",
    method: "POST",
    config: { isTraced: true },
    preHandler: async (request, reply) => {
      if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) return await refuse(reply, 415);
      if (!acceptsStreams(request)) return await refuse(reply, 406);
      if (typeof request.body !== "object" || request.body === null) return await refuse(reply, 400);
      request.headers.accept = STREAM;
      return await dependencies.preHandler(request, reply);
    },
    handler: async (request, reply) => {
      reply.hijack();
      // The client left while it was signed in: 'close' has been emitted.
      if (reply.raw.destroyed) return;
      responses.add(reply.raw);
      reply.raw.once("close", () => responses.delete(reply.raw));
      try {
        await send(reply, await handle(requestOf(request, reply)));
      } catch (error) {
        logFailure(dependencies.log, { err: error, requestId: request.id }, isDisconnect(error, reply.raw));
        reply.raw.destroy();
      }
    },
  });
  // The stream ends without the event 'complete', so that clients reconnect.
  return {
    close: () => {
      for (const response of responses) response.end();
    },
  };
}

function createSseHandler({ operate, callerOf }: Dependencies) {
  return createHandler<FastifyRequest, { reply: FastifyReply }>({
    // Null turns off the single connection mode, in which clients reserve streams in advance.
    authenticate: () => null as unknown as string,
    onSubscribe: async ({ raw, context: { reply } }, request) => {
      const onStalled = () => void reply.raw.destroy();
      const caller = { ...callerOf(raw), onStalled };
      const result = await operate(request as LiveRequest, caller, {
        isWanted: () => !reply.raw.destroyed,
        span: reply.request.span,
      });
      // The generator of `paced` cannot return while it waits, so a disconnect ends the stream itself.
      if (Symbol.asyncIterator in result) {
        if (reply.raw.destroyed) await result.return();
        reply.raw.once("close", () => void result.return());
      }
      return paced(result, reply.raw);
    },
  });
}

function logFailure(log: Log, entry: { err: unknown; requestId: string }, isDisconnect: boolean): void {
  if (isDisconnect) log.debug(entry, "a client disconnected from its event stream");
  else log.error(entry, "an event stream failed unexpectedly");
}

/** Adapts a request for graphql-sse. */
function requestOf(raw: FastifyRequest, reply: FastifyReply) {
  const get = (name: string) => raw.headers[name]?.toString();
  return {
    method: raw.method,
    url: raw.url,
    headers: { get },
    body: raw.body as Record<string, unknown>,
    raw,
    context: { reply },
  };
}

/**
 * Sends the response of graphql-sse with our own headers: graphql-sse's headers name a content encoding that is not
 * applied.
 */
async function send(reply: FastifyReply, [body, { status, headers }]: Response): Promise<void> {
  const { raw } = reply;
  const replyHeaders = reply.getHeaders() as OutgoingHttpHeaders;
  if (body === null || typeof body === "string") {
    raw.writeHead(status, { ...replyHeaders, ...headers });
    raw.end(body ?? "");
    return;
  }
  raw.writeHead(status, { ...replyHeaders, ...HEADERS });
  const stop = () => void body.return(undefined);
  raw.once("close", stop);
  for await (const text of body) {
    if (!(await write(raw, text))) break;
  }
  raw.off("close", stop);
  raw.end();
}

/** Resolves when the operating system has accepted the text: false if the stream has ended. */
async function write(response: ServerResponse, text: string): Promise<boolean> {
  if (response.destroyed || response.writableEnded) return false;
  return await new Promise((resolve) => response.write(text, (error) => resolve(!error)));
}

/** The error codes of a write to a client that has disconnected. */
const DISCONNECT_CODES = ["ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "ECONNRESET", "ECONNABORTED", "EPIPE"];

function isDisconnect(error: unknown, response: ServerResponse): boolean {
  const { code = "" } = (error ?? {}) as { code?: string };
  return response.destroyed && DISCONNECT_CODES.includes(code);
}

function acceptsStreams({ headers: { accept = "*/*" } }: FastifyRequest): boolean {
  return accept.split(",").some((type) => [STREAM, "text/*", "*/*"].includes(type.split(";")[0]?.trim() ?? ""));
}

const REFUSALS = {
  400: "Send one GraphQL request as a JSON object.",
  406: `The response is ${STREAM} only: accept it.`,
  415: "Send the request as application/json.",
} as const;

async function refuse(reply: FastifyReply, status: keyof typeof REFUSALS): Promise<FastifyReply> {
  const errors = [{ message: REFUSALS[status], extensions: { code: "BAD_USER_INPUT" } }];
  return await reply.code(status).send({ errors });
}

/** Passes a result on only after the previous ones are sent. graphql-sse itself would read ahead without limit. */
async function* paced(result: OperationResult, response: ServerResponse): AsyncGenerator<ExecutionResult, void, void> {
  if (!(Symbol.asyncIterator in result)) {
    yield result;
    return;
  }
  for await (const next of result) {
    if (response.writableLength > 0) await flushed(response);
    yield next;
  }
}

/** Resolves when the operating system has accepted everything written, or the client has disconnected. */
async function flushed(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    response.once("close", resolve);
    response.write("", () => {
      response.off("close", resolve);
      resolve();
    });
  });
}
