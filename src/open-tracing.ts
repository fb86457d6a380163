import type { Config } from "./config/config";
import type { Log } from "./log";
import type { Tracing } from "./tracing/span";

/** Opens the export of traces; null where none is configured. */
export function openTracing(config: Config, log: Log): Tracing | null {
  if (!config.tracing) return null;
  // OpenTelemetry's packages take 17 MB of memory and half a second. A process that exports no traces does not load them.
  const { createTracing } = require("./tracing/sdk-tracing") as typeof import("./tracing/sdk-tracing");
  return createTracing(config.tracing, log);
}
