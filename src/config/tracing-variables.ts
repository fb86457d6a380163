import { z } from "zod";
import { listOf, oneLine, url } from "./formats";

const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** OpenTelemetry's own variables, with its defaults. Traces are exported if the endpoint is set. */
export const TRACING_VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url("http:", "https:").optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .refine((text) => parseHeaders(text) !== null, "expected name=value, comma-separated, values percent-encoded")
    .default(""),
  OTEL_BSP_SCHEDULE_DELAY: z
    .string()
    .refine((text) => /^[1-9]\d{0,4}$/.test(text), "expected milliseconds, 1 to 99999")
    .default("5000"),
  OTEL_SERVICE_NAME: oneLine.default("organizations"),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, `expected one of ${SAMPLERS.join(", ")}`).default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .refine((text) => /^(0|1|1\.0{1,9}|0?\.\d{1,9})$/.test(text), "expected a share from 0 to 1, such as 0.1")
    .default("1"),
};

/** The collector of traces, and which traces it gets. */
export interface TracingConfig {
  url: string;
  headers: Record<string, string>;
  serviceName: string;
  /** How long an ended span waits for its export, in milliseconds. */
  delayMs: number;
  sampler: (typeof SAMPLERS)[number];
  /** The share of traces that a ratio sampler takes. */
  ratio: number;
}

type Variables = z.infer<z.ZodObject<typeof TRACING_VARIABLES>>;

/** Null: no traces. */
export function tracingOf(env: Variables): TracingConfig | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER: sampler } = env;
  if (!endpoint || sampler === "always_off") return null;
  return {
    url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
    headers: parseHeaders(env.OTEL_EXPORTER_OTLP_HEADERS) ?? {},
    serviceName: env.OTEL_SERVICE_NAME,
    delayMs: Number(env.OTEL_BSP_SCHEDULE_DELAY),
    sampler,
    ratio: Number(env.OTEL_TRACES_SAMPLER_ARG),
  };
}

/** Returns null for malformed text, and for a value that no header can have. */
function parseHeaders(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const pair of listOf(text)) {
    const [, name, encoded] = /^([\w!#$%&'*+.^`|~-]+)\s*=\s*(\S.*)$/.exec(pair) ?? [];
    const value = encoded && decode(encoded);
    if (!name || !value || !/^[\x20-\x7e]+$/.test(value)) return null;
    headers[name] = value;
  }
  return headers;
}

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
