import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { type Kind, LOAD, type Observer } from "./earlier-load";

const SAMPLE_MS = 20;

/** What the load met during one migration. */
export interface Phase {
  name: string;
  milliseconds: number;
  statements: number;
  longest: Record<Kind | "request" | "lock", number>;
  failures: string[];
  /** The statement that caused the longest wait for a lock. */
  blockedBy: string;
}

// How long each connection of the load has waited behind another one. One that waits itself is in the way, too.
const WAITS = `
  SELECT extract(epoch FROM clock_timestamp() - w.waitstart)::float8 * 1000 AS ms, coalesce(b.query, '') AS query
  FROM pg_locks w JOIN pg_stat_activity a ON a.pid = w.pid AND a.application_name = '${LOAD}'
  CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocker (pid)
  JOIN pg_stat_activity b ON b.pid = blocker.pid AND b.application_name IS DISTINCT FROM '${LOAD}'
  WHERE NOT w.granted AND w.waitstart IS NOT NULL ORDER BY 1 DESC LIMIT 1`;

/** Divides what the load meets by migrations, and samples its waits for locks. */
export class LockWatch implements Observer {
  readonly phases: Phase[] = [];
  private current = phase();
  private startedAt = performance.now();

  statement(kind: Kind, milliseconds: number): void {
    this.current.statements += 1;
    this.lengthen(kind, milliseconds);
  }

  request(milliseconds: number): void {
    this.lengthen("request", milliseconds);
  }

  failure(error: unknown): void {
    this.current.failures.push(error instanceof Error ? error.message : String(error));
  }

  /** Ends the current phase. */
  end(name: string): void {
    const now = performance.now();
    this.phases.push({ ...this.current, name, milliseconds: now - this.startedAt });
    [this.current, this.startedAt] = [phase(), now];
  }

  /** Samples until `work` has ended. Each migration that is recorded ends a phase. */
  async during(url: string, work: Promise<void>): Promise<void> {
    const client = new Client({ connectionString: url, application_name: LOAD });
    await client.connect();
    let isEnded = false;
    const ended = work.finally(() => {
      isEnded = true;
    });
    for (let last = await newest(client); !isEnded; ) {
      await this.sample(client);
      for (const { id, name } of await after(client, last)) {
        this.end(name);
        last = id;
      }
      await Promise.race([setTimeout(SAMPLE_MS), ended.catch(() => undefined)]);
    }
    await client.end();
    await ended;
  }

  private async sample(client: Client): Promise<void> {
    const [wait] = (await client.query<{ ms: number; query: string }>(WAITS)).rows;
    if (!wait || wait.ms <= this.current.longest.lock) return;
    this.lengthen("lock", wait.ms);
    this.current.blockedBy = wait.query.replace(/\s+/g, " ").trim().slice(0, 80);
  }

  private lengthen(kind: keyof Phase["longest"], milliseconds: number): void {
    this.current.longest[kind] = Math.max(this.current.longest[kind], milliseconds);
  }
}

const phase = (): Phase => ({
  ...{ name: "", milliseconds: 0, statements: 0, failures: [], blockedBy: "" },
  longest: { read: 0, write: 0, request: 0, lock: 0 },
});

async function newest(client: Client): Promise<number> {
  return (await client.query<{ id: number }>("SELECT max(id) AS id FROM migrations")).rows[0]?.id ?? 0;
}

async function after(client: Client, id: number): Promise<Array<{ id: number; name: string }>> {
  return (await client.query("SELECT id, name FROM migrations WHERE id > $1 ORDER BY id", [id])).rows;
}
