import { DatabaseError } from "pg";
import { nextOf } from "./next-standby-connection";
import { LANE_SETTINGS } from "./pipeline";
import { StandbyConnection, type StandbyIdentity, type WalPosition } from "./standby-connection";
import type { Reader, Statement } from "./statement";

const RETRY_MS = 1_000;
/** How long a read waits for a standby that is behind: a healthy one is behind by a few milliseconds. */
const PATIENCE_MS = 20;
/** After an unsuccessful wait, no read waits for this long, and a connection that was behind is the last choice. */
const IMPATIENT_MS = 500;

/** Why a standby runs no reads there. Positions in a log order the commits of one server only. */
export const NO_STANDBY_READS =
  "expected no standby on a distributed database (Citus), because how far it is says nothing about the other nodes. Unset it.";

const SYSTEM: Statement = {
  name: "database-system",
  isShortRead: true,
  text: "SELECT system_identifier::text AS system FROM pg_control_system()",
};

/** Reads the identifier that a primary shares with its standbys. */
export async function readSystem(primary: Reader): Promise<string> {
  const [row] = await primary.rows<{ system: string }>(SYSTEM, []);
  if (!row) throw new Error("The primary does not report its identity.");
  return row.system;
}

export interface StandbyOptions {
  url: string;
  /** The numbers of connections for short reads and for all others. */
  connections: { lanes: number; pool: number };
  primary: Reader;
  patienceMs?: number;
  impatientMs?: number;
  warn(error: unknown): void;
}

/**
 * Counts reads that a standby may run: those it ran, and those that went to the primary because it was behind or
 * unusable.
 */
export type StandbyReads = Record<"standby" | "behind" | "unusable", number>;

/** A place for a connection, which is opened again when it ends. */
interface Slot {
  settings: string | null;
  connection: StandbyConnection | null;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The standby that runs some of the reads of people's queries. The primary can always run a read instead, so nothing
 * here throws and no read waits for a connection.
 */
export class Standby {
  readonly reads: StandbyReads = { standby: 0, behind: 0, unusable: 0 };
  private readonly lanes: Slot[];
  private readonly pool: Slot[];
  private system: Promise<string> | null = null;
  private impatientUntil = Number.NEGATIVE_INFINITY;
  private turns = 0;
  private problem: string | null = null;
  private isClosed = false;

  constructor(private readonly options: StandbyOptions) {
    const slots = (count: number, settings: string | null): Slot[] =>
      Array.from({ length: count }, () => ({ settings, connection: null, timer: undefined }));
    this.lanes = slots(options.connections.lanes, LANE_SETTINGS);
    this.pool = slots(options.connections.pool, null);
  }

  /** Resolves when an attempt was made to open every connection. */
  async open(): Promise<void> {
    await Promise.all(this.slots.map((slot) => this.connect(slot)));
  }

  /** Reads rows from a standby that has replayed up to `position`; null if the primary has to run the statement. */
  async rows<Row>(statement: Statement, values: readonly unknown[], position: WalPosition): Promise<Row[] | null> {
    const now = performance.now();
    const connection = this.connectionFor(statement, now);
    if (!connection) return this.skip("unusable");
    const isPatient = now >= this.impatientUntil;
    try {
      const rows = await connection.rows<Row>(
        statement,
        values,
        position,
        isPatient ? now + (this.options.patienceMs ?? PATIENCE_MS) : now,
      );
      if (!rows) return this.miss(connection, isPatient);
      this.reads.standby += 1;
      return rows;
    } catch (error) {
      if (!isOfStatement(error)) this.abandon(error);
      return this.skip("unusable");
    }
  }

  get isUsable(): boolean {
    return this.slots.some(({ connection }) => connection !== null);
  }

  /** Counts a read that goes to the primary. */
  skip(reason: Exclude<keyof StandbyReads, "standby">): null {
    this.reads[reason] += 1;
    return null;
  }

  /** The report of one of the servers; null if none responds. */
  async describe(): Promise<StandbyIdentity | null> {
    const [connection] = openOf(this.slots);
    return (await connection?.describe().catch(() => null)) ?? null;
  }

  close(): void {
    this.isClosed = true;
    for (const slot of this.slots) {
      clearTimeout(slot.timer);
      slot.connection?.retire();
    }
  }

  private get slots(): Slot[] {
    return [...this.lanes, ...this.pool];
  }

  private connectionFor({ isShortRead }: Statement, now: number): StandbyConnection | undefined {
    const lanes = isShortRead ? openOf(this.lanes) : [];
    const chosen = nextOf(lanes.length > 0 ? lanes : openOf(this.pool), now);
    this.turns += 1;
    if (chosen) chosen.turn = this.turns;
    return chosen;
  }

  private miss(connection: StandbyConnection, isPatient: boolean): null {
    const until = performance.now() + (this.options.impatientMs ?? IMPATIENT_MS);
    connection.behindUntil = until;
    if (isPatient) this.impatientUntil = until;
    return this.skip("behind");
  }

  private async connect(slot: Slot): Promise<void> {
    try {
      const connection = await StandbyConnection.open(this.options.url, slot.settings, await this.primarySystem());
      if (this.isClosed) return connection.retire();
      slot.connection = connection;
      this.problem = null;
      connection.onEnd(() => {
        if (slot.connection !== connection) return;
        slot.connection = null;
        this.reconnect(slot);
      });
    } catch (error) {
      this.report(error);
      this.reconnect(slot);
    }
  }

  private reconnect(slot: Slot): void {
    if (this.isClosed) return;
    slot.timer = setTimeout(() => void this.connect(slot), RETRY_MS).unref();
  }

  /** Replaces all connections after one failure, so that they do not fail one by one. */
  private abandon(error: unknown): void {
    this.report(error);
    for (const connection of openOf(this.slots)) connection.retire();
  }

  private async primarySystem(): Promise<string> {
    this.system ??= readSystem(this.options.primary);
    this.system.catch(() => {
      this.system = null;
    });
    return await this.system;
  }

  /** Warns once, until a connection opens again. */
  private report(error: unknown): void {
    const { message } = error as Error;
    if (this.problem === message || this.isClosed) return;
    this.problem = message;
    this.options.warn(error);
  }
}

function openOf(slots: readonly Slot[]): StandbyConnection[] {
  return slots.flatMap(({ connection }) => connection ?? []);
}

/** Whether only the statement failed, for example by a conflict with replay, and the server works. */
function isOfStatement(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity === "ERROR";
}
