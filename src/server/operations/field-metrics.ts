import { Counter, Histogram, type Registry } from "prom-client";

/**
 * Rate, errors and duration of each root field. The labels are names of the schema, so their number is bounded; clients
 * choose the names of operations. An operation counts for each of its root fields.
 */
export class FieldMetrics {
  private readonly total: Counter<"kind" | "field" | "outcome">;
  private readonly duration: Histogram<"kind" | "field">;

  constructor(registry: Registry) {
    this.total = new Counter({
      name: "graphql_root_fields_total",
      help: "Operations by root field and outcome.",
      labelNames: ["kind", "field", "outcome"] as const,
      registers: [registry],
    });
    this.duration = new Histogram({
      name: "graphql_root_field_duration_seconds",
      help: "Duration of the operations with a root field.",
      labelNames: ["kind", "field"] as const,
      buckets: [0.005, 0.025, 0.1, 0.5, 2.5],
      registers: [registry],
    });
  }

  observe(kind: string, fields: readonly string[], outcome: "ok" | "refused" | "failed", seconds: number): void {
    for (const field of fields) {
      this.total.inc({ kind, field, outcome });
      this.duration.observe({ kind, field }, seconds);
    }
  }
}
