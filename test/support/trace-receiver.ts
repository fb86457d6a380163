import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

/** A span in OTLP. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: number;
  /** 2: an error. */
  status: number;
  attributes: Record<string, unknown>;
}

type Value = { stringValue?: string; intValue?: number; boolValue?: boolean; arrayValue?: { values: Value[] } };

/** Receives traces by OTLP over HTTP, as a collector does. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** All received requests, including headers. */
  readonly texts: string[] = [];
  /** Whether requests are left without a response. */
  hangs = false;
  status = 200;
  private readonly held: Array<() => void> = [];
  /** The number of requests that their sender has aborted. */
  abandoned = 0;
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private readonly server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    this.texts.push(`${request.url} ${JSON.stringify(request.headers)} ${body}`);
    if (request.url === "/v1/traces" && body) this.spans.push(...spansOf(JSON.parse(body)));
    response.once("close", () => {
      if (!response.writableFinished) this.abandoned += 1;
    });
    this.arrivals.emit("arrival");
    const respond = () => response.writeHead(this.status, { "content-type": "application/json" }).end("{}");
    if (this.hangs) this.held.push(respond);
    else respond();
  });

  static async start(): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_BSP_SCHEDULE_DELAY: "50" };
  }

  /** The spans of a trace, once one with this name has arrived. */
  async trace(traceId: string, name: string): Promise<ReceivedSpan[]> {
    const ofTrace = () => this.spans.filter((span) => span.traceId === traceId);
    await this.until(() => ofTrace().some((span) => span.name === name));
    return ofTrace();
  }

  /** The first span that matches, once it has arrived. */
  async span(matches: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    await this.until(() => this.spans.some(matches));
    return this.spans.find(matches) as ReceivedSpan;
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise((resolve) => this.arrivals.once("arrival", resolve));
  }

  /** Responds to all requests again, including those that were left without a response. */
  recover(): void {
    this.hangs = false;
    for (const respond of this.held.splice(0)) respond();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A `traceparent`, its trace and its span. */
export function newParent({ isSampled = true } = {}): { traceparent: string; traceId: string; spanId: string } {
  const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  return { traceparent: `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`, traceId, spanId };
}

/** The name of a span's parent in the same trace; null for a root. */
export function parentName(spans: readonly ReceivedSpan[], name: string): string | null {
  const span = spans.find((each) => each.name === name);
  if (!span) throw new Error(`There is no span '${name}' among ${spans.map((each) => each.name).join(", ")}.`);
  return spans.find(({ spanId }) => spanId === span.parentSpanId)?.name ?? null;
}

function spansOf(body: {
  resourceSpans: Array<{
    scopeSpans: Array<{
      spans: Array<
        Omit<ReceivedSpan, "status" | "attributes"> & {
          status?: { code?: number };
          attributes: Array<{ key: string; value: Value }>;
        }
      >;
    }>;
  }>;
}): ReceivedSpan[] {
  return body.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, status, attributes }) => ({
        ...{ traceId, spanId, parentSpanId: parentSpanId || null, name, kind, status: status?.code ?? 0 },
        attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)])),
      })),
    ),
  );
}

function plain({ stringValue, intValue, boolValue, arrayValue }: Value): unknown {
  return stringValue ?? intValue ?? boolValue ?? arrayValue?.values.map(plain);
}

/** The first span with this name. */
export function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan | undefined {
  return spans.find((span) => span.name === name);
}

/** The names, like `pattern`, of the spans that the SDK starts in this process while `work` runs, sampled or not. */
export async function startedSpans(pattern: RegExp, work: () => Promise<unknown>): Promise<string[]> {
  const tracer = Object.getPrototypeOf(new BasicTracerProvider().getTracer("any"));
  const starts = jest.spyOn(tracer, "startSpan");
  try {
    await work();
    return starts.mock.calls.map(([name]) => String(name)).filter((name) => pattern.test(name));
  } finally {
    starts.mockRestore();
  }
}
