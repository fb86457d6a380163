import { Denied } from "../domain/denial";

/**
 * The data of a span about its work: names, numbers and codes. Never a value from a client or from the database: no ids
 * of people, no addresses, no tokens, no parameters of statements.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | string[]>>;

/** The kinds of spans: incoming requests, calls to other services, jobs from the queue, and everything else. */
export type SpanKind = "server" | "client" | "consumer" | "internal";

/**
 * One piece of work in a sampled trace. Work outside a sampled trace has no span (null), and costs nothing. Spans are
 * passed on like deadlines, in the context of an operation and the database made for it. The usual AsyncLocalStorage
 * costs a seventh of the throughput on Node 20 and 22, sampled or not (docs/decisions/0021).
 */
export interface Span {
  readonly traceId: string;
  /** This span as a parent, in the format of the W3C header `traceparent`. */
  readonly traceparent: string;
  /** Starts a span for a part of this work. */
  child(name: string, kind?: SpanKind, attributes?: SpanAttributes): Span;
  set(attributes: SpanAttributes): void;
  /** Ends the span. Only the first call counts. The span records only the code or type of an error. */
  end(error?: unknown): void;
}

/** The traces of this process. */
export interface Tracing {
  /** Starts a trace, or continues the one that a `traceparent` names. Null if it is not sampled. */
  start(name: string, kind: SpanKind, attributes?: SpanAttributes, traceparent?: string | null): Span | null;
  /** Exports the spans that have ended, for at most two seconds. */
  close(): Promise<void>;
}

/** Runs `work` in a child span, which ends with it; without a parent, just runs it. */
export function traced<Result>(
  parent: Span | null,
  [name, kind, attributes]: [name: string, kind?: SpanKind, attributes?: SpanAttributes],
  work: (span: Span | null) => Promise<Result>,
): Promise<Result> {
  if (!parent) return work(null);
  return inSpan(parent.child(name, kind, attributes), work);
}

/** Runs `work` and ends the span with it. */
export async function inSpan<Result>(span: Span, work: (span: Span) => Promise<Result>): Promise<Result> {
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** Names of error classes, SQLSTATEs, system errors and our own codes. */
const HARMLESS = /^[A-Za-z_][A-Za-z0-9_]{1,63}$|^[0-9A-Z]{5}$/;

/** The code or type of an error, without its message. */
export function errorType(error: unknown): string {
  if (error instanceof Denied) return error.extensions.code;
  const { code, name } = error as { code?: unknown; name?: unknown };
  const type = [code, name].find((each) => typeof each === "string" && HARMLESS.test(each));
  return typeof type === "string" ? type : "Error";
}
