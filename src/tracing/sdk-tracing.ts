import { randomUUID } from "node:crypto";
import {
  defaultTextMapGetter,
  SpanKind as OpenTelemetryKind,
  type Span as OpenTelemetrySpan,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
import type { TracingConfig } from "../config/tracing-variables";
import type { Log } from "../log";
import { errorType, type Span, type SpanAttributes, type SpanKind, type Tracing } from "./span";
import { WarningExporter } from "./warning-exporter";

/** How long an export may take. Spans that do not fit into the queue meanwhile are dropped. */
const EXPORT_MS = 10_000;
/** How long a shutdown waits for the last spans. */
const LAST_EXPORT_MS = 2_000;

const KINDS: Readonly<Record<SpanKind, OpenTelemetryKind>> = {
  server: OpenTelemetryKind.SERVER,
  client: OpenTelemetryKind.CLIENT,
  consumer: OpenTelemetryKind.CONSUMER,
  internal: OpenTelemetryKind.INTERNAL,
};

/** Opens OpenTelemetry's SDK. Only processes that export traces load this file. */
export function createTracing(options: TracingConfig, log: Log): Tracing {
  const { url, headers, serviceName, delayMs } = options;
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: EXPORT_MS });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.instance.id": randomUUID() }),
    sampler: samplerOf(options),
    spanProcessors: [new BatchSpanProcessor(new WarningExporter(exporter, log), { scheduledDelayMillis: delayMs })],
  });
  const tracer = provider.getTracer("organizations");
  const propagator = new W3CTraceContextPropagator();
  return {
    start: (name, kind, attributes = {}, traceparent = null) => {
      // 'tracestate' is left out: it may contain anything, and would be exported.
      const parent = traceparent
        ? propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter)
        : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, parent);
      return span.isRecording() ? new SampledSpan(tracer, span) : null;
    },
    close: () => closeWithin(provider, LAST_EXPORT_MS),
  };
}

function samplerOf({ sampler, ratio }: TracingConfig): Sampler {
  const isParentBased = sampler.startsWith("parentbased_");
  const roots: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[sampler.replace("parentbased_", "")]?.() ?? new AlwaysOffSampler();
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}

async function closeWithin(provider: BasicTracerProvider, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  const closed = provider.shutdown().catch(() => undefined);
  await Promise.race([closed, late]).finally(() => clearTimeout(timer));
}

class SampledSpan implements Span {
  constructor(
    private readonly tracer: Tracer,
    private readonly span: OpenTelemetrySpan,
  ) {}

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get traceparent(): string {
    const { traceId, spanId } = this.span.spanContext();
    return `00-${traceId}-${spanId}-01`;
  }

  child(name: string, kind: SpanKind = "internal", attributes: SpanAttributes = {}): Span {
    const parent = trace.setSpan(ROOT_CONTEXT, this.span);
    const options = { kind: KINDS[kind], attributes: { ...attributes } };
    return new SampledSpan(this.tracer, this.tracer.startSpan(name, options, parent));
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes({ ...attributes });
  }

  end(error?: unknown): void {
    if (!this.span.isRecording()) return;
    if (error !== undefined) {
      this.span.setAttribute("error.type", errorType(error));
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}
