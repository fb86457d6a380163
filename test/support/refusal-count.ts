import { processMetrics } from "../../src/process-metrics";

/** How many requests a limit has refused in this process, by the metric. */
export async function refusalCount(limit: string): Promise<number> {
  const text = await processMetrics.getSingleMetricAsString("limit_refusals_total");
  return Number(new RegExp(`\\{limit="${limit}"\\} (\\d+)`).exec(text)?.[1]);
}
