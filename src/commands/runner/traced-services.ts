import type { Span } from "../../tracing/span";
import type { Services } from "./unit-of-work";

/** The same services within a span of a trace: statements and calls to the outside belong to it. Unchanged for null. */
export function tracedServices(services: Services, span: Span | null): Services {
  if (!span) return services;
  return { ...services, database: services.database.withSpan(span) };
}
