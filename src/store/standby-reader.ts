import { type Span, traced } from "../tracing/span";
import type { Standby } from "./engine/standby";
import type { WalPosition } from "./engine/standby-connection";
import type { Statement, TracedReader } from "./engine/statement";
import type { ReadPosition, ReadPositions } from "./read-positions";

/** The state that the readers of one query share. */
interface QueryState {
  position: Promise<ReadPosition | null> | null;
  /** A position that the standby had not reached. This query does not wait again for it or a later one. */
  missing: number;
}

/**
 * Runs the reads of one person's query: on the standby if the statement allows it and the standby has caught up for
 * this query, otherwise on the primary.
 */
export class StandbyReader implements TracedReader {
  constructor(
    private readonly primary: TracedReader,
    private readonly standby: Standby,
    private readonly positions: ReadPositions,
    private readonly userId: string,
    private readonly query: QueryState = { position: null, missing: Number.POSITIVE_INFINITY },
  ) {}

  get span(): Span | null {
    return this.primary.span;
  }

  withSpan(span: Span): StandbyReader {
    return new StandbyReader(this.primary.withSpan(span), this.standby, this.positions, this.userId, this.query);
  }

  async rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { onStandby } = statement;
    const rows = onStandby ? await this.standbyRows<Row>(statement, onStandby, values) : null;
    return rows ?? (await this.primary.rows<Row>(statement, values));
  }

  private async standbyRows<Row>(
    statement: Statement,
    needs: NonNullable<Statement["onStandby"]>,
    values: readonly unknown[],
  ): Promise<Row[] | null> {
    if (!this.standby.isUsable) return this.standby.skip("unusable");
    this.query.position ??= this.positions.read(this.primary, this.userId).catch(() => null);
    const position = await this.query.position;
    if (!position) return this.standby.skip("unusable");
    const needed = positionFor(position, needs, values);
    if (needed.lsn >= this.query.missing) return this.standby.skip("behind");
    const call = [statement.name, "client", { "db.system.name": "postgresql", "db.standby": true }] as const;
    const rows = await traced(this.span, [...call], () => this.standby.rows<Row>(statement, values, needed));
    if (!rows) this.query.missing = Math.min(this.query.missing, needed.lsn);
    return rows;
  }
}

/** A log without a known position may have any newest event, so its reads need everything. */
function positionFor(
  { everything, logs }: ReadPosition,
  needs: NonNullable<Statement["onStandby"]>,
  values: readonly unknown[],
): WalPosition {
  if (needs === "everything") return everything;
  const ids = [values[needs.logsIn]].flat();
  const positions = ids.map((id) => logs.get(String(id)) ?? everything);
  return positions.reduce((latest, each) => (each.lsn > latest.lsn ? each : latest), positions[0] ?? everything);
}
