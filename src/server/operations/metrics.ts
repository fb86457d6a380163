import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Subscriptions } from "../../live/subscriptions";
import { processMetrics } from "../../process-metrics";
import type { Database } from "../../store/engine/database";
import type { Standby } from "../../store/engine/standby";
import { withStatementTimeout } from "../../store/engine/statement-timeout";
import type { FairShare } from "../caller/fair-share";
import { FieldMetrics } from "./field-metrics";
import { addLimitMetrics } from "./limit-metrics";
import { addQueueMetrics } from "./queue-metrics";
import { addStandbyMetrics } from "./standby-metrics";

/** A scrape that waits longer than this for the database leaves out its numbers. */
const SCRAPE_READ_MS = 2_000;

/** The process's metrics, in the text format of Prometheus. */
export interface Metrics {
  operations: Histogram<"kind" | "outcome">;
  fields: FieldMetrics;
  text(): Promise<{ contentType: string; body: string }>;
}

/** The metrics of one process. */
export function createMetrics(
  database: Database,
  live: Subscriptions,
  share: FairShare,
  standby: Standby | null,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const operations = new Histogram({
    name: "graphql_operation_duration_seconds",
    help: "Time from a parsed request to its response.",
    labelNames: ["kind", "outcome"] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  new Gauge({
    name: "sql_statements",
    help: "SQL statements sent since the start.",
    registers: [registry],
    collect() {
      this.set(database.statementCount());
    },
  });
  new Gauge({
    name: "live_streams",
    help: "Subscriptions that are open.",
    registers: [registry],
    collect() {
      this.set(live.size);
    },
  });
  for (const state of ["running", "waiting"] as const) {
    new Gauge({
      name: `operations_${state}`,
      help: `Operations of people that are ${state} now.`,
      registers: [registry],
      collect() {
        this.set(share.size[state]);
      },
    });
  }
  addLimitMetrics(registry, database);
  if (standby) addStandbyMetrics(registry, standby, withStatementTimeout(database, SCRAPE_READ_MS));
  addQueueMetrics(registry, withStatementTimeout(database, SCRAPE_READ_MS));
  return {
    operations,
    fields: new FieldMetrics(registry),
    text: async () => ({
      contentType: registry.contentType,
      body: `${await registry.metrics()}\n${await processMetrics.metrics()}`,
    }),
  };
}

export async function metricsRoute(http: FastifyInstance, { metrics }: { metrics: Metrics }): Promise<void> {
  http.get("/metrics", async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
}
