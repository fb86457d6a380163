import { DatabaseClient } from "./connection";
import { rowsOf, type Statement } from "./statement";

const CONNECT_MS = 2_000;
/** How long one read may run before the primary repeats it. */
const STATEMENT_MS = 1_000;
/** A standby that is silent for longer counts as gone. */
const SILENT_MS = 1_500;
const POLL_MS = 2;
/** How long a check is valid, because the server may be promoted later. */
const CHECKED_MS = 1_000;

/** A position in the primary's write-ahead log, in bytes. Positions on different timelines cannot be compared. */
export interface WalPosition {
  timeline: number;
  lsn: number;
}

// Null: the server was promoted.
const REPLAYED = `CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::float8 END AS replayed`;
const CHECK: Statement = { name: "standby-check", text: `SELECT ${REPLAYED}` };

// The timeline that the standby is known to follow. After a failover it may report the new one some minutes late.
const IDENTITY: Statement = {
  name: "standby-identity",
  text: `
    SELECT s.system_identifier::text AS system, greatest(c.timeline_id, r.min_recovery_end_timeline) AS timeline, ${REPLAYED}
    FROM pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() r`,
};

/** The identity and position that a standby reports. */
export interface StandbyIdentity {
  /** The system identifier, which a primary and its standbys share. A copy by logical replication has another one. */
  system: string;
  timeline: number;
  /** The position up to which it has replayed the primary's log; null for a primary. */
  replayed: number | null;
}

/** The server does not respond. */
class Silent extends Error {
  constructor() {
    super("The standby does not answer.");
  }
}

/** The server is a primary. */
class NoStandby extends Error {
  constructor() {
    super("This server is no standby, or not any more.");
  }
}

/**
 * One connection to a standby. It checks how far its own server has replayed, because several connections to one
 * address may lead to several servers. A server never goes back, so later reads need no check for a position that was
 * reached.
 */
export class StandbyConnection {
  /** The number of reads without a result yet. */
  waiting = 0;
  /** The turn in which it got its last read. */
  turn = 0;
  /** After a read for which its server was behind: until when others are tried first (performance.now). */
  behindUntil = Number.NEGATIVE_INFINITY;
  private timeline = 0;
  private replayed = 0;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private identifiedAt = Number.NEGATIVE_INFINITY;

  private constructor(private readonly client: DatabaseClient) {}

  /** `settings`: SQL that sets parameters of the session; null: none. Throws unless it is a standby of this system. */
  static async open(url: string, settings: string | null, system: string): Promise<StandbyConnection> {
    const connection = new StandbyConnection(
      new DatabaseClient({
        connectionString: url,
        application_name: "organizations standby",
        pipeline: true,
        connectionTimeoutMillis: CONNECT_MS,
        statementMs: STATEMENT_MS,
      }),
    );
    try {
      await connection.answered(connection.prepare(settings, system));
      return connection;
    } catch (error) {
      connection.retire();
      throw error;
    }
  }

  onEnd(listener: () => void): void {
    this.client.once("end", listener);
  }

  /** The rows; null if the server has not replayed up to `position` by `until` (performance.now). */
  async rows<Row>(
    statement: Statement,
    values: readonly unknown[],
    position: WalPosition,
    until: number,
  ): Promise<Row[] | null> {
    this.waiting += 1;
    try {
      return await this.answered(this.read<Row>(statement, values, position, until));
    } finally {
      this.waiting -= 1;
    }
  }

  async describe(): Promise<StandbyIdentity> {
    return await this.answered(this.identify());
  }

  retire(): void {
    this.client.retire();
  }

  private async prepare(settings: string | null, system: string): Promise<void> {
    await this.client.connect();
    if (settings) await this.client.query(settings);
    const identity = await this.identify();
    if (identity.system !== system) throw new Error("The standby belongs to another primary.");
  }

  private async read<Row>(
    statement: Statement,
    values: readonly unknown[],
    position: WalPosition,
    until: number,
  ): Promise<Row[] | null> {
    if (!(await this.follows(position.timeline))) return null;
    if (this.replayed >= position.lsn && performance.now() - this.checkedAt < CHECKED_MS)
      return await rowsOf<Row>(this.client, statement, values);
    // The check is a separate statement before the read. A check within the read could pass although the read's
    // snapshot is older: the server may replay more between the two. Both are sent together, unless the standby is
    // known to be behind.
    const checked = this.check();
    const early = performance.now() < until ? rowsOf<Row>(this.client, statement, values) : null;
    early?.catch(() => undefined);
    await checked;
    if (early && this.replayed >= position.lsn) return await early;
    while (this.replayed < position.lsn) {
      if (performance.now() >= until) return null;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      await this.check();
    }
    return await rowsOf<Row>(this.client, statement, values);
  }

  private async follows(timeline: number): Promise<boolean> {
    if (this.timeline !== timeline && performance.now() - this.identifiedAt > CHECKED_MS) await this.identify();
    return this.timeline === timeline;
  }

  private async identify(): Promise<StandbyIdentity> {
    this.identifiedAt = performance.now();
    const [identity] = await rowsOf<StandbyIdentity>(this.client, IDENTITY, []);
    if (!identity) throw new Error("The standby does not report its identity.");
    this.timeline = identity.timeline;
    this.note(identity.replayed);
    return identity;
  }

  private async check(): Promise<void> {
    const [state] = await rowsOf<Pick<StandbyIdentity, "replayed">>(this.client, CHECK, []);
    this.note(state?.replayed ?? null);
  }

  private note(replayed: number | null): void {
    if (replayed === null) throw new NoStandby();
    this.replayed = replayed;
    this.checkedAt = performance.now();
  }

  /** Waits for `work`. Cuts the connection if it takes too long, and throws Silent. */
  private async answered<Result>(work: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.client.cut();
        reject(new Silent());
      }, SILENT_MS);
    });
    return await Promise.race([work, silence]).finally(() => clearTimeout(timer));
  }
}
