import { randomUUID } from "node:crypto";
import {
  SpanKind as OpenTelemetryKind,
  type Span as OpenTelemetrySpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { parseTraceParent } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  SamplingDecision,
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
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor(new WarningExporter(exporter, log), { scheduledDelayMillis: delayMs })],
  });
  const tracer = provider.getTracer("organizations");
  const isSampled = samplerOf(options);
  return {
    start: (name, kind, attributes = {}, traceparent = null) => {
      // 'tracestate' is left out: it may contain anything, and would be exported.
      const parent = traceparent === null ? null : parseTraceParent(traceparent);
      if (!isSampled(parent)) return null;
      const context = parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, context);
      return new SampledSpan(tracer, span);
    },
    close: () => closeWithin(provider, LAST_EXPORT_MS),
  };
}

/**
 * Decides whether a trace is sampled, before the SDK creates anything: its samplers get a span's ids and attributes,
 * which took 4 % of a permission check that was not sampled.
 */
function samplerOf({ sampler, ratio }: TracingConfig): (parent: SpanContext | null) => boolean {
  const isParentBased = sampler.startsWith("parentbased_");
  const kind = sampler.replace("parentbased_", "");
  const byId = new TraceIdRatioBasedSampler(ratio);
  return (parent) => {
    if (parent && isParentBased) return (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (kind !== "traceidratio") return kind === "always_on";
    // Services that decide by the id agree on a trace that one of the others has begun.
    if (parent) return byId.shouldSample(ROOT_CONTEXT, parent.traceId).decision !== SamplingDecision.NOT_RECORD;
    return Math.random() < ratio;
  };
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
