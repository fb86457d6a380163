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

/**
 * A stream is passed on event by event: nothing between here and the client may keep, change or gather it.
 * X-Accel-Buffering is what nginx and the proxies made of it listen to.
 */
const HEADERS = {
  "content-type": `${STREAM}; charset=utf-8`,
  "cache-control": "no-cache, no-store, no-transform",
  "x-accel-buffering": "no",
};

/** Serves graphql-sse's distinct connections at /graphql/stream. Returns what ends them, after their last events. */
export function serveServerSentEvents(http: FastifyInstance, dependencies: Dependencies): { close(): void } {
  const responses = new Set<ServerResponse>();
  const handle = createHandler<FastifyRequest, { reply: FastifyReply }>({
    // No token: there are no streams that are reserved first and filled later.
    authenticate: () => null as unknown as string,
    onSubscribe: async ({ raw, context: { reply } }, asked) => {
      const onStalled = () => void reply.raw.destroy();
      const caller = { ...dependencies.callerOf(raw), onStalled };
      const operated = await dependencies.operate(asked as LiveRequest, caller, () => !reply.raw.destroyed);
      // A generator cannot be returned while it waits: the stream itself is, when the client has gone.
      if (Symbol.asyncIterator in operated) {
        if (reply.raw.destroyed) await operated.return();
        reply.raw.once("close", () => void operated.return());
      }
      return paced(operated, reply.raw);
    },
  });
  http.route({
    url: "/graphql/stream",
    method: "POST",
    preHandler: async (request, reply) => {
      if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) return await refuse(reply, 415);
      if (!acceptsStreams(request)) return await refuse(reply, 406);
      if (typeof request.body !== "object" || request.body === null) return await refuse(reply, 400);
      request.headers.accept = STREAM;
      return await dependencies.preHandler(request, reply);
    },
    handler: async (request, reply) => {
      reply.hijack();
      responses.add(reply.raw);
      reply.raw.once("close", () => responses.delete(reply.raw));
      try {
        await send(reply, await handle(requestOf(request, reply)));
      } catch (error) {
        const entry = { err: error, requestId: request.id };
        if (hasLeft(error, reply.raw)) dependencies.log.debug(entry, "a client left its event stream");
        else dependencies.log.error(entry, "an event stream failed unexpectedly");
        reply.raw.destroy();
      }
    },
  });
  // Without the event 'complete', so that clients know to go on elsewhere.
  return {
    close: () => {
      for (const response of responses) response.end();
    },
  };
}

/** A request as graphql-sse reads it. */
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

/** Sends what graphql-sse answers, with headers of our own: it names a content coding that there is not. */
async function send(reply: FastifyReply, [body, { status, headers }]: Response): Promise<void> {
  const { raw } = reply;
  const others = reply.getHeaders() as OutgoingHttpHeaders;
  if (body === null || typeof body === "string") {
    raw.writeHead(status, { ...others, ...headers });
    raw.end(body ?? "");
    return;
  }
  raw.writeHead(status, { ...others, ...HEADERS });
  const stop = () => void body.return(undefined);
  raw.once("close", stop);
  for await (const text of body) {
    if (!(await written(raw, text))) break;
  }
  raw.off("close", stop);
  raw.end();
}

/** Whether the operating system has taken a text; false where the client has gone, or the process ends the stream. */
async function written(response: ServerResponse, text: string): Promise<boolean> {
  if (response.destroyed || response.writableEnded) return false;
  return await new Promise((resolve) => response.write(text, (error) => resolve(!error)));
}

/** What writing to a client says that has gone, or goes while it is written to. */
const GONE_CODES = ["ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "ECONNRESET", "ECONNABORTED", "EPIPE"];

function hasLeft(error: unknown, response: ServerResponse): boolean {
  const { code = "" } = (error ?? {}) as { code?: string };
  return response.destroyed && GONE_CODES.includes(code);
}

function acceptsStreams({ headers: { accept = "*/*" } }: FastifyRequest): boolean {
  return accept.split(",").some((type) => [STREAM, "text/*", "*/*"].includes(type.split(";")[0]?.trim() ?? ""));
}

const REFUSALS = {
  400: "Send one GraphQL request as a JSON object.",
  406: `This answers with ${STREAM} only.`,
  415: "Send the request as application/json.",
} as const;

async function refuse(reply: FastifyReply, status: keyof typeof REFUSALS): Promise<FastifyReply> {
  const errors = [{ message: REFUSALS[status], extensions: { code: "BAD_USER_INPUT" } }];
  return await reply.code(status).send({ errors });
}

/** The library takes results as fast as there are any: it is given one when those before have left. */
async function* paced(
  operated: OperationResult,
  response: ServerResponse,
): AsyncGenerator<ExecutionResult, void, void> {
  if (!(Symbol.asyncIterator in operated)) {
    yield operated;
    return;
  }
  for await (const result of operated) {
    if (response.writableLength > 0) await flushed(response);
    yield result;
  }
}

/** Resolves when everything that was written has been taken by the operating system, or never will be. */
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
