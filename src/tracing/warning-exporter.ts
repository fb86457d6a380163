import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Log } from "../log";
import { errorType } from "./span";

type ExportDone = Parameters<SpanExporter["export"]>[1];

const WARN_EVERY_MS = 60_000;
/** @opentelemetry/core's ExportResultCode.SUCCESS. */
const SUCCESS = 0;

/** Logs failed exports, once a minute: the SDK drops their spans silently. */
export class WarningExporter implements SpanExporter {
  private warnedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Log,
  ) {}

  export(spans: ReadableSpan[], done: ExportDone): void {
    this.exporter.export(spans, (result) => {
      if (result.code !== SUCCESS) this.warn(spans.length, result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  private warn(lost: number, error: unknown): void {
    if (performance.now() - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = performance.now();
    this.log.warn({ lost, code: errorType(error) }, "traces could not be exported");
  }
}
