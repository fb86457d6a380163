import type { Config } from "./config/config";
import type { Log } from "./log";
import type { Tracing } from "./tracing/span";

/** Opens the export of traces; null if none is configured. */
export function openTracing(config: Config, log: Log): Tracing | null {
  if (!config.tracing) return null;
  // OpenTelemetry's packages take 17 MB of memory and half a second. They are loaded only if traces are exported.
  const { createTracing } = require("./tracing/sdk-tracing") as typeof import("./tracing/sdk-tracing");
  return createTracing(config.tracing, log);
}
