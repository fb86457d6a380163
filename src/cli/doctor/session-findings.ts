import { randomUUID } from "node:crypto";
import { CONNECT_TIMEOUT_MS, DatabaseClient } from "../../store/engine/connection";
import type { Finding } from "./finding";

/** A pooler gives a free session to the next statement. Others may take it in between, so several attempts are made. */
const ATTEMPTS = 20;

/** Runs `work` with this many connections. */
export async function withClients<Result>(
  url: string,
  count: number,
  work: (...clients: DatabaseClient[]) => Promise<Result>,
): Promise<Result> {
  const options = { connectionString: url, statementMs: CONNECT_TIMEOUT_MS, isPooled: true };
  const clients = Array.from({ length: count }, () => new DatabaseClient(options));
  try {
    for (const client of clients) await client.connect();
    return await work(...clients);
  } finally {
    for (const client of clients) await client.end().catch(() => undefined);
  }
}

/** Whether two connections to this address have used the same session. Never true for a server's own address. */
async function sharesSessions(url: string): Promise<boolean> {
  return await withClients(url, 2, async (...clients) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const pids = [];
      for (const client of clients) pids.push((await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
      if (pids[0] === pids[1]) return true;
    }
    return false;
  });
}

/** Whether statements reach the server under the names that clients gave them. Changes nothing. */
async function passesNames(url: string): Promise<boolean> {
  const name = `doctor-${randomUUID()}`;
  return await withClients(url, 1, async (client) => {
    await client?.query("BEGIN");
    const result = await client?.query({
      name,
      text: "SELECT FROM pg_prepared_statements WHERE name = $1",
      values: [name],
    });
    if (result?.rowCount) await client?.query(`DEALLOCATE "${name}"`);
    await client?.query("COMMIT");
    return Boolean(result?.rowCount);
  });
}

/** Checks an address that must give each connection a session of its own. */
export async function directFindings(subject: string, url: string): Promise<Finding[]> {
  if (!(await sharesSessions(url))) return [];
  const text = "connections share sessions: this address is a pooler's in transaction mode";
  const advice =
    subject === "DATABASE_URL" ? "Set DATABASE_DIRECT_URL to the server's own address too." : "Name the server itself.";
  return [{ level: "problem", subject, text, advice }];
}

/** Checks the mode of a pooler, and whether it supports prepared statements. */
export async function poolerFindings(subject: string, url: string, namedStatements: boolean): Promise<Finding[]> {
  if (!(await sharesSessions(url))) {
    const text = "each connection has a session of its own, so the pooler saves none";
    return [{ level: "warning", subject, text, advice: "Set pool_mode = transaction in the pooler." }];
  }
  if (!namedStatements || !(await passesNames(url))) {
    return [{ level: "ok", subject, text: "the pooler answers, in transaction mode" }];
  }
  const text = "the pooler does not support prepared statements";
  const advice = "Set max_prepared_statements = 300 in PgBouncer 1.21 or newer, or DATABASE_NAMED_STATEMENTS=false.";
  return [{ level: "problem", subject, text, advice }];
}
