import type { Within } from "./engine/directories";
import type { Reader, Statement } from "./engine/statement";

/** Finds a link: by its hash, among those of its organization. Links of earlier versions name none. */
export interface LinkKey {
  hash: Buffer;
  organizationId: string | null;
}

interface LinkStatements {
  named: Statement;
  earlier: Statement;
}

/**
 * Declares a read by a link. `textOf` puts `within` beside the organization of every table, so that a distributed database
 * asks one node. The parameter with the number `parameter` is the last one, and absent for links of earlier versions.
 */
export function byLink(
  { name, ...options }: Omit<Statement, "text">,
  parameter: number,
  textOf: (within: Within) => string,
): LinkStatements {
  return {
    named: { ...options, name, text: textOf((column) => `AND ${column} = $${parameter}::uuid`) },
    earlier: { ...options, name: `${name}-earlier`, text: textOf(() => "") },
  };
}

/** Runs a read by a link. `values` are without the organization. */
export function rowsOfLink<Row>(
  reader: Reader,
  { named, earlier }: LinkStatements,
  { organizationId }: LinkKey,
  values: readonly unknown[],
): Promise<Row[]> {
  return organizationId === null
    ? reader.rows<Row>(earlier, values)
    : reader.rows<Row>(named, [...values, organizationId]);
}
