import { type ConnectionRegistry, CUT_AFTER_MS, DatabaseClient } from "./connection";

const CHECK_INTERVAL_MS = 250;
/** Most statements take milliseconds; most connections open a little slower. */
const SUSPICIOUS_AFTER_MS = 500;
const SUSPICIOUS_START_AFTER_MS = 1_000;
/** The pause after a check without a finding, because most slow requests are only slow statements. */
const PAUSE_MS = 500;
const PROBE_TIMEOUT_MS = 1_000;

/** Which server responds, and the state of the given connections there. */
const PROBE = `
  SELECT pg_postmaster_start_time()::text AS server,
    (SELECT json_object_agg(pid, coalesce(state, 'unknown')) FROM pg_stat_activity WHERE pid = ANY ($1::int[])) AS states`;

interface Probe {
  server: string;
  /** The states by process id; null if there is no such process. */
  states: Readonly<Record<string, string>> | null;
}

interface WatchOptions {
  url: string;
  /** Whether the connections go through a pooler, which makes process ids meaningless. */
  isPooled: boolean;
}

/**
 * Watches the connections to one database. A server that hangs, or a network that loses packets, breaks no connection:
 * every request would wait for its deadline, even long after another server took over. So when a request has waited for
 * half a second, a new connection asks the server whether it is working on the request. If it is not, twice in a row,
 * the connection is dead and is cut, and so are the idle connections that have been silent since.
 */
export class ConnectionWatch implements ConnectionRegistry {
  private readonly connections = new Set<DatabaseClient>();
  /** The requests on which the server did not work at the last check, with the time at which each was sent. */
  private suspects = new Map<DatabaseClient, number>();
  private server: string | null = null;
  private isChecking = false;
  private notBefore = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: WatchOptions) {
    this.timer = setInterval(() => void this.tick(), CHECK_INTERVAL_MS).unref();
  }

  add(connection: DatabaseClient): void {
    this.connections.add(connection);
  }

  delete(connection: DatabaseClient): void {
    this.connections.delete(connection);
    this.suspects.delete(connection);
  }

  /** Cancels the running statements and cuts every connection. */
  async endAll(): Promise<void> {
    const cancelled = [...this.connections].map((connection) => connection.cancel());
    for (const connection of this.connections) connection.cut();
    await Promise.all(cancelled);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async tick(): Promise<void> {
    const now = performance.now();
    const late = [...this.connections].filter((connection) => isLate(connection, now));
    for (const connection of late) if (isOverdue(connection, now)) connection.cut();
    if (this.isChecking || late.length === 0 || now < this.notBefore) return;
    this.isChecking = true;
    try {
      this.judge(late, await this.probe());
      if (this.suspects.size === 0) this.notBefore = performance.now() + PAUSE_MS;
    } catch {
      // Without a response, there is no better server to use.
    } finally {
      this.isChecking = false;
    }
  }

  private async probe(): Promise<Probe> {
    const client = new DatabaseClient({
      connectionString: this.options.url,
      application_name: "organizations watch",
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
      statementMs: PROBE_TIMEOUT_MS,
      isPooled: this.options.isPooled,
    });
    try {
      await client.connect();
      const ids = [...this.connections].flatMap(({ processId }) => processId ?? []);
      const { rows } = await client.query<Probe>(PROBE, [ids]);
      if (!rows[0]) throw new Error("The server did not report its identity.");
      return rows[0];
    } finally {
      client.retire();
    }
  }

  private judge(late: readonly DatabaseClient[], probe: Probe): void {
    const dead = this.options.isPooled ? this.ofOtherServer(late, probe) : this.neglectedTwice(late, probe);
    if (dead.length === 0) return;
    const since = Math.max(...dead.map(({ waitingSince }) => waitingSince));
    for (const connection of [...dead, ...this.unheardSince(since, probe)]) connection.cut();
  }

  private ofOtherServer(late: readonly DatabaseClient[], { server }: Probe): DatabaseClient[] {
    const previous = this.server;
    this.server = server;
    return previous === null || previous === server ? [] : late.filter(({ waitingSince }) => waitingSince > 0);
  }

  private neglectedTwice(late: readonly DatabaseClient[], probe: Probe): DatabaseClient[] {
    const neglected = late.filter((connection) => connection.waitingSince > 0 && isIdle(connection, probe));
    const dead = neglected.filter((connection) => this.suspects.get(connection) === connection.waitingSince);
    this.suspects = new Map(neglected.map((connection) => [connection, connection.waitingSince]));
    return dead;
  }

  /** A connection with an open transaction is in use, even between two statements. */
  private unheardSince(since: number, probe: Probe): DatabaseClient[] {
    if (this.options.isPooled) return [];
    return [...this.connections].filter(
      (connection) =>
        connection.waitingSince === 0 &&
        connection.lastAnswerAt < since &&
        isIdle(connection, probe) &&
        !stateOf(connection, probe)?.includes("transaction"),
    );
  }
}

function isLate({ waitingSince, processId }: DatabaseClient, now: number): boolean {
  const patience = processId === null ? SUSPICIOUS_START_AFTER_MS : SUSPICIOUS_AFTER_MS;
  return waitingSince > 0 && now - waitingSince > patience;
}

/** A working server ends a statement at its time limit, so a request beyond it is overdue. */
function isOverdue({ waitingSince, statementMs }: DatabaseClient, now: number): boolean {
  return now - waitingSince > statementMs + CUT_AFTER_MS;
}

function stateOf({ processId }: DatabaseClient, { states }: Probe): string | undefined {
  return states?.[String(processId)];
}

/** Whether the server is idle on a connection, or does not know it. */
function isIdle(connection: DatabaseClient, probe: Probe): boolean {
  return stateOf(connection, probe)?.startsWith("idle") ?? true;
}
