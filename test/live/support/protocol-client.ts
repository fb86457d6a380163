import { once } from "node:events";
import type { ExecutionResult } from "graphql";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import WebSocket from "ws";
import type { OperationResult } from "../../../src/server/graphql/operate";

/** An operation that a test starts, feeds and ends. */
export class Operation implements AsyncGenerator<ExecutionResult, void, void> {
  isReturned = false;
  private onReturn: () => void = () => undefined;
  readonly returned = new Promise<void>((resolve) => {
    this.onReturn = resolve;
  });
  start: (result: OperationResult) => void = () => undefined;
  readonly started = new Promise<OperationResult>((resolve) => {
    this.start = resolve;
  });
  private resolveNext: (result: IteratorResult<ExecutionResult, void>) => void = () => undefined;
  private onNext: () => void = () => undefined;

  constructor(readonly query: unknown) {}

  next(): Promise<IteratorResult<ExecutionResult, void>> {
    return new Promise((resolve) => {
      this.resolveNext = resolve;
      this.onNext();
    });
  }

  /** Starts the operation and waits until its first result is requested. */
  async begin(): Promise<void> {
    const requested = new Promise<void>((resolve) => {
      this.onNext = resolve;
    });
    this.start(this);
    await requested;
  }

  push(event: string): void {
    this.resolveNext({ value: { data: { event } }, done: false });
  }

  end(): void {
    this.resolveNext({ value: undefined, done: true });
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.isReturned = true;
    this.onReturn();
    this.end();
    return { value: undefined, done: true };
  }

  throw(error: unknown): Promise<never> {
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

export type Message = { type: string; id?: string; payload?: unknown };

/** Opens a socket and records the messages that it receives. */
export async function openSocket(port: number, initialize = true) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, GRAPHQL_TRANSPORT_WS_PROTOCOL);
  const messages: Message[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  await once(socket, "open");
  const send = (...sent: object[]) => {
    for (const message of sent) socket.send(JSON.stringify(message));
  };
  /** Resolves when the server has handled all earlier messages: it answers a ping in turn. */
  const settled = async () => {
    const pongs = () => messages.filter(({ type }) => type === "pong").length;
    const before = pongs();
    send({ type: "ping" });
    while (pongs() === before) await once(socket, "message");
  };
  const about = (id: string) => messages.filter((message) => message.id === id);
  if (initialize) {
    send({ type: "connection_init" });
    await once(socket, "message");
  }
  return { socket, messages, about, closed, send, settled };
}

export const subscribe = (id: string, query = "subscription { x }") => ({ id, type: "subscribe", payload: { query } });
export const complete = (id: string) => ({ id, type: "complete" });
