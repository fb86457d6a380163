import { setTimeout as pause } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ExecutionResult } from "graphql";
import type { Caller } from "../../context";
import { Denied } from "../../domain/denial";
import type { Log } from "../../log";
import { retryAfter, statusOf } from "../graphql/error-status";
import { errorResult, type LiveRequest, type Operate, type OperationResult } from "../graphql/operate";
import { type CallbackRequest, parseCallbackRequest, wantsCallbacks } from "./callback-request";
import { PROTOCOL, RouterCallback } from "./router-callback";

interface Dependencies {
  operate: Operate;
  callerOf(request: FastifyRequest): Omit<Caller, "onStalled">;
  /** Callbacks may go to URLs below these; an empty list turns the protocol off. */
  callbackUrls: readonly string[];
  log: Log;
}

type Stream = Exclude<OperationResult, ExecutionResult>;
type Errors = ExecutionResult["errors"];

/** A check must arrive within every interval, so it is sent after this share of the interval. */
const CHECK_AFTER = 0.75;
/** How long the final messages to routers may take at shutdown, in milliseconds. */
const CLOSING_MS = 2_000;
const TOO_SLOW = "The router was too slow. Subscribe again, with the cursor of the last event as 'after'.";
const GOING_AWAY = "The service is shutting down. Subscribe again, with the cursor of the last event as 'after'.";

/** Subscriptions by Apollo Router's HTTP callback protocol, callback/1.0. */
export interface Callbacks {
  /** Responds to a request for callbacks. False if it is none, or if the protocol is off. */
  respond(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  /** Ends all subscriptions and notifies their routers. */
  close(): Promise<void>;
}

/**
 * Serves the protocol with the request handling of the other transports. Apollo Server's plugin would call any URL, and
 * would do so before the request is authorized. Here the first call comes after the stream has started.
 */
export function serveCallbacks({ operate, callerOf, callbackUrls, log }: Dependencies): Callbacks {
  const running = new Map<string, RunningCallback>();

  async function start(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const caller = callerOf(request);
    if (!caller.fromGateway) throw new Denied("FORBIDDEN", "Only the gateway may ask for callbacks.");
    const callbackRequest = parseCallbackRequest(
      request.body as Parameters<typeof parseCallbackRequest>[0],
      callbackUrls,
    );
    const key = JSON.stringify([callbackRequest.url, callbackRequest.id]);
    if (running.has(key)) {
      throw new Denied("BAD_USER_INPUT", "A subscription with this callbackUrl and subscriptionId is already running.");
    }
    const callback = new RunningCallback(callbackRequest, () => running.delete(key), log);
    running.set(key, callback);
    const onStalled = () => callback.end(TOO_SLOW);
    const isWanted = () => !reply.raw.destroyed;
    const options = { isWanted, span: request.span };
    const result = await operate(request.body as LiveRequest, { ...caller, onStalled }, options);
    if (!(Symbol.asyncIterator in result)) {
      callback.discard();
      return reply.code(200).send(result);
    }
    if (!(await callback.confirm(result))) {
      throw new Denied("BAD_USER_INPUT", "The router did not confirm the subscription at its callbackUrl.");
    }
    // Events must follow the response. A router that did not wait for it does not have the subscription.
    const begin = () => (reply.raw.writableFinished ? callback.start() : callback.discard());
    if (reply.raw.destroyed) begin();
    else reply.raw.once("close", begin);
    return reply.code(200).send({ data: null });
  }

  return {
    respond: async (request, reply) => {
      if (callbackUrls.length === 0 || request.method !== "POST" || !wantsCallbacks(request.body)) return false;
      reply.headers(PROTOCOL).type("application/json; charset=utf-8");
      try {
        await start(request, reply);
      } catch (error) {
        sendError(reply, error, log);
      }
      return true;
    },
    close: async () => {
      const ends = [...running.values()].map((callback) => callback.end(GOING_AWAY));
      await Promise.race([Promise.all(ends), pause(CLOSING_MS, undefined, { ref: false })]);
    },
  };
}

function sendError(reply: FastifyReply, error: unknown, log: Log): void {
  const result = errorResult(error, log, reply.request.id);
  const wait = retryAfter(result.errors);
  if (wait) reply.header("retry-after", wait);
  const status = error instanceof Denied ? (statusOf(error.extensions.code) ?? 400) : 500;
  reply.code(status).send(result);
}

/** One subscription, from its first check to its end. */
class RunningCallback {
  private readonly router: RouterCallback;
  private stream: Stream | null = null;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly request: CallbackRequest,
    private readonly onEnd: () => void,
    private readonly log: Log,
  ) {
    this.router = new RouterCallback(request);
  }

  /** Sends the first check. False: the router did not confirm the subscription, so the stream is ended. */
  async confirm(stream: Stream): Promise<boolean> {
    this.stream = stream;
    if ((await this.router.check()) === "delivered") return true;
    this.discard();
    return false;
  }

  start(): void {
    this.scheduleCheck();
    void this.pump();
  }

  /** Ends the subscription and sends the router the reason. */
  async end(message: string): Promise<void> {
    await this.complete([{ message, extensions: { code: "UNAVAILABLE" } }] as unknown as Errors);
  }

  /** Ends the subscription without notifying the router. */
  discard(): void {
    clearTimeout(this.heartbeat);
    this.router.stop();
    this.onEnd();
    void this.stream?.return();
  }

  private async pump(): Promise<void> {
    for await (const result of this.stream ?? []) {
      // A result without data is the error that ended the stream.
      if (!("data" in result)) return await this.complete(result.errors);
      if (!(await this.continueAfter(this.router.next(result)))) return;
    }
    await this.complete(undefined);
  }

  /** Schedules the next check. Call it only after the router has confirmed the last one. */
  private scheduleCheck(): void {
    if (this.request.heartbeatMs === 0) return;
    this.heartbeat = setTimeout(async () => {
      if (await this.continueAfter(this.router.check())) this.scheduleCheck();
    }, this.request.heartbeatMs * CHECK_AFTER);
  }

  private async continueAfter(sent: Promise<"delivered" | "gone" | "failed">): Promise<boolean> {
    const delivery = await sent;
    if (delivery === "delivered") return true;
    if (delivery === "gone") this.discard();
    else {
      this.log.warn({ router: new URL(this.request.url).origin }, "a message to a router could not be delivered");
      await this.end("An event could not be delivered. Subscribe again, with the cursor of the last one as 'after'.");
    }
    return false;
  }

  private async complete(errors: Errors): Promise<void> {
    clearTimeout(this.heartbeat);
    await this.router.complete(errors);
    this.discard();
  }
}
