import type { Database } from "./database";
import { Deadline } from "./deadline";
import type { Reader } from "./statement";

/** A reader with a timeout per statement, for background loops. */
export function withStatementTimeout(database: Database, milliseconds: number): Reader {
  return {
    rows: (statement, values) => {
      const deadline = new Deadline(milliseconds);
      return deadline.limit(database.withDeadline(deadline).rows(statement, values));
    },
  };
}
