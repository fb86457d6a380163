import type { Config } from "../../config/config";
import { type Finding, find } from "./finding";

const TIMEOUT_MS = 5_000;
const SUBJECT = "OTEL_EXPORTER_OTLP_ENDPOINT";

/** Sends the collector an export without spans, as the service sends them. */
export async function tracingFindings({ tracing }: Config): Promise<Finding[]> {
  if (!tracing) return [{ level: "unused", subject: SUBJECT, text: "not set: no traces are exported" }];
  const advice = "Check that a collector receives OTLP over HTTP there (usually port 4318), and accepts these headers.";
  return await find(SUBJECT, advice, async () => {
    const response = await fetch(tracing.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...tracing.headers },
      body: JSON.stringify({ resourceSpans: [] }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the collector answers with status ${response.status}`);
    const share = tracing.sampler.endsWith("ratio") ? `, ${tracing.ratio * 100} % of the traces` : "";
    return [{ level: "ok", subject: SUBJECT, text: `the collector accepts traces; ${tracing.sampler}${share}` }];
  });
}
