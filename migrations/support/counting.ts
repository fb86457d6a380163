/** A table of counters, with its key columns, and the condition of each counter on a counted row `r`. */
export interface Counting {
  table: string;
  counters: string;
  key: readonly string[];
  columns: Readonly<Record<string, string>>;
}

const SOURCES = {
  INSERT: "SELECT n.*, 1 AS change FROM new_rows n",
  DELETE: "SELECT o.*, -1 AS change FROM old_rows o",
  UPDATE: "SELECT n.*, 1 AS change FROM new_rows n UNION ALL SELECT o.*, -1 FROM old_rows o",
} as const;
const ROWS = {
  INSERT: "NEW TABLE AS new_rows",
  DELETE: "OLD TABLE AS old_rows",
  UPDATE: "OLD TABLE AS old_rows NEW TABLE AS new_rows",
} as const;
type Event = keyof typeof SOURCES;
const EVENTS: readonly Event[] = ["INSERT", "UPDATE", "DELETE"];

/**
 * SQL that keeps counters of a table's rows. Triggers do this for every statement, including those of replicas of an
 * earlier version and of foreign keys. Each statement changes a counter once, for any number of rows. Writers hold the
 * organization's lock, so they do not wait for each other here. A row of counters that does not exist is left alone: a
 * backfill counts it later.
 *
 * The settings keep plans that were made for small tables by index once these have grown.
 */
export function keepCounters({ table, counters, key, columns }: Counting): string[] {
  const names = Object.keys(columns);
  const sums = names.map((name) => `coalesce(sum(r.change) FILTER (WHERE ${columns[name]}), 0) AS ${name}`);
  const isChanged = names.map((name) => `d.${name} <> 0`).join(" OR ");
  const branch = (event: Event) => `
    IF TG_OP = '${event}' THEN
      UPDATE ${counters} c SET ${names.map((name) => `${name} = c.${name} + d.${name}`).join(", ")}
      FROM (SELECT ${key.join(", ")}, ${sums.join(", ")} FROM (${SOURCES[event]}) r GROUP BY ${key.join(", ")}) d
      WHERE ${key.map((column) => `c.${column} = d.${column}`).join(" AND ")} AND (${isChanged});
    END IF;`;
  const settings = ["seqscan", "hashjoin", "mergejoin"].map((kind) => `SET enable_${kind} = off`).join(" ");
  return [
    `CREATE OR REPLACE FUNCTION count_${table}() RETURNS trigger LANGUAGE plpgsql ${settings} AS $$
    BEGIN ${EVENTS.map(branch).join("")}
      RETURN NULL;
    END $$`,
    ...EVENTS.map(
      (event) => `CREATE OR REPLACE TRIGGER ${nameOf(table, event)} AFTER ${event} ON ${table}
        REFERENCING ${ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION count_${table}()`,
    ),
  ];
}

export function dropCounting({ table }: Pick<Counting, "table">): string[] {
  const triggers = EVENTS.map((event) => `DROP TRIGGER ${nameOf(table, event)} ON ${table}`);
  return [...triggers, `DROP FUNCTION count_${table}()`];
}

const nameOf = (table: string, event: Event) => `count_${table}_${event.toLowerCase()}`;
