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
  /** The addresses below which callbacks may go; none: the protocol is off. */
  callbackUrls: readonly string[];
  log: Log;
}

type Stream = Exclude<OperationResult, ExecutionResult>;
type Errors = ExecutionResult["errors"];

/** A check has to arrive within every interval, so it leaves early. */
const PUNCTUALITY = 0.75;
/** How long routers may take to hear that the service goes away, in milliseconds. */
const CLOSING_MS = 2_000;
const TOO_SLOW = "The router was too slow. Subscribe again, with the cursor of the last event as 'after'.";
const GOING_AWAY = "The service is going away. Subscribe again, with the cursor of the last event as 'after'.";

/** Subscriptions by Apollo Router's HTTP callback protocol, callback/1.0. */
export interface Callbacks {
  /** Answers a request that asks for callbacks; false where it does not, or nobody may. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  /** Ends all, telling the routers that the service goes away. */
  close(): Promise<void>;
}

/**
 * Serves the protocol by the pipeline of the other streams. Apollo Server's plugin for it calls any address it is
 * given, and before anybody is authorized; here the stream has begun before the router hears the first word.
 */
export function serveCallbacks({ operate, callerOf, callbackUrls, log }: Dependencies): Callbacks {
  const running = new Map<string, RunningCallback>();

  async function begin(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const caller = callerOf(request);
    if (!caller.fromGateway) throw new Denied("FORBIDDEN", "Callbacks are for the gateway only.");
    const asked = parseCallbackRequest(request.body as Parameters<typeof parseCallbackRequest>[0], callbackUrls);
    const name = JSON.stringify([asked.url, asked.id]);
    if (running.has(name)) throw new Denied("BAD_USER_INPUT", "This subscription has begun already.");
    const callback = new RunningCallback(asked, () => running.delete(name), log);
    running.set(name, callback);
    const onStalled = () => callback.end(TOO_SLOW);
    const operated = await operate(request.body as LiveRequest, { ...caller, onStalled });
    if (!(Symbol.asyncIterator in operated)) {
      callback.forget();
      return reply.code(200).send(operated);
    }
    if (!(await callback.accept(operated))) {
      throw new Denied("BAD_USER_INPUT", "The router did not confirm the subscription at its callbackUrl.");
    }
    // Events follow the answer.
    reply.raw.once("close", () => callback.start());
    return reply.code(200).send({ data: null });
  }

  return {
    answer: async (request, reply) => {
      if (callbackUrls.length === 0 || request.method !== "POST" || !wantsCallbacks(request.body)) return false;
      reply.headers(PROTOCOL).type("application/json; charset=utf-8");
      try {
        await begin(request, reply);
      } catch (error) {
        const answer = errorResult(error, log, request.id);
        const wait = retryAfter(answer.errors);
        if (wait) reply.header("retry-after", wait);
        const status = error instanceof Denied ? (statusOf(error.extensions.code) ?? 400) : 500;
        reply.code(status).send(answer);
      }
      return true;
    },
    close: async () => {
      const ends = [...running.values()].map((callback) => callback.end(GOING_AWAY));
      await Promise.race([Promise.all(ends), pause(CLOSING_MS, undefined, { ref: false })]);
    },
  };
}

/** One subscription, from its check to its end. */
class RunningCallback {
  private readonly router: RouterCallback;
  private stream: Stream | null = null;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly asked: CallbackRequest,
    private readonly onEnd: () => void,
    private readonly log: Log,
  ) {
    this.router = new RouterCallback(asked);
  }

  /** Offers the stream to the router; whether it wants it. */
  async accept(stream: Stream): Promise<boolean> {
    this.stream = stream;
    if ((await this.router.check()) === "taken") return true;
    this.forget();
    return false;
  }

  start(): void {
    this.beat();
    void this.pump();
  }

  /** Ends the subscription, telling the router why. */
  async end(message: string): Promise<void> {
    await this.complete([{ message, extensions: { code: "UNAVAILABLE" } }] as unknown as Errors);
  }

  /** Ends everything, without a word. */
  forget(): void {
    clearTimeout(this.heartbeat);
    this.router.forget();
    this.onEnd();
    void this.stream?.return();
  }

  private async pump(): Promise<void> {
    for await (const result of this.stream ?? []) {
      // What ends a stream is its last result, and has errors alone.
      if (!("data" in result)) return await this.complete(result.errors);
      if (!(await this.goesOn(this.router.next(result)))) return;
    }
    await this.complete(undefined);
  }

  /** Checks again and again, each time after the last one was answered. */
  private beat(): void {
    if (this.asked.heartbeatMs === 0) return;
    this.heartbeat = setTimeout(async () => {
      if (await this.goesOn(this.router.check())) this.beat();
    }, this.asked.heartbeatMs * PUNCTUALITY);
  }

  private async goesOn(sent: Promise<"taken" | "gone" | "failed">): Promise<boolean> {
    const delivery = await sent;
    if (delivery === "taken") return true;
    if (delivery === "gone") this.forget();
    else {
      this.log.warn({ router: new URL(this.asked.url).origin }, "a router could not be told of an event");
      await this.end("An event could not be delivered. Subscribe again, with the cursor of the last one as 'after'.");
    }
    return false;
  }

  private async complete(errors: Errors): Promise<void> {
    clearTimeout(this.heartbeat);
    await this.router.complete(errors);
    this.forget();
  }
}
