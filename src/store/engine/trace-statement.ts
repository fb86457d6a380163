import type { QueryResult } from "pg";
import type { Span } from "../../tracing/span";

const ATTRIBUTES = { "db.system.name": "postgresql" };

/** Adds a span for a statement that was sent, with its name and the number of its rows; never its text or parameters. */
export function traceStatement(parent: Span, query: unknown, sent: unknown): void {
  const name = nameOf(query);
  const span = parent.child(name, "client", { ...ATTRIBUTES, "db.query.summary": name });
  if (!(sent instanceof Promise)) span.end();
  else
    sent.then(
      (result: QueryResult) => {
        if (result.rowCount !== null) span.set({ "db.response.returned_rows": result.rowCount ?? 0 });
        span.end();
      },
      (error: unknown) => span.end(error),
    );
}

/** The service's statements have names. The name of a statement by TypeORM is its first word and its table. */
function nameOf(query: unknown): string {
  const { statement, text = query } = query as { statement?: unknown; text?: unknown };
  if (typeof statement === "string") return statement;
  const [, verb = "SQL", table] = /^\s*([A-Za-z]+)(?: (?:INTO|FROM) "(\w+)"| "(\w+)" SET)?/.exec(String(text)) ?? [];
  return table ? `${verb.toUpperCase()} ${table}` : verb.toUpperCase();
}
