import type { DataSource } from "typeorm";
import type { Reader } from "../../src/store/engine/statement";

interface Plan {
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
}

/**
 * The largest number of rows that one step of a short read's plan reads, on a connection with the settings for short
 * reads.
 */
export async function mostRowsRead(
  dataSource: DataSource,
  read: (reader: Reader) => Promise<unknown>,
): Promise<number> {
  let sent = { text: "", values: [] as readonly unknown[] };
  await read({
    rows: async ({ text }, values = []) => {
      sent = { text, values };
      return [];
    },
  });
  return await dataSource.transaction(async (manager) => {
    await manager.query("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan");
    await manager.query(`PREPARE planned AS ${sent.text}`);
    const explained = await manager.query(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE planned (${sent.values.map(literalOf).join(", ")})`,
    );
    await manager.query("DEALLOCATE planned");
    return Math.max(...rowsIn(explained[0]["QUERY PLAN"][0].Plan));
  });
}

function rowsIn(plan: Plan): number[] {
  const read = plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0);
  return [read * plan["Actual Loops"], ...(plan.Plans ?? []).flatMap(rowsIn)];
}

function literalOf(value: unknown): string {
  return Array.isArray(value) ? `'{${value.join(",")}}'` : `'${String(value)}'`;
}
