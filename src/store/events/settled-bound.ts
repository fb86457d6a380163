import { Unavailable } from "../../domain/denial";
import type { Reader, Statement } from "../engine/statement";
import { END, type FeedBound, RUNNING } from "./service-events";

const POLL_MS = 20;
const TIMEOUT_MS = 5_000;

const SNAPSHOT: Statement = {
  name: "feed-snapshot",
  text: `SELECT ${END} - 1 AS last, ARRAY(${RUNNING}) AS running FROM event_feed feed`,
};

const PREPARED: Statement = {
  name: "feed-prepared",
  text: `
    SELECT success, result FROM run_command_on_workers($$
      SELECT coalesce(json_agg(gid), '[]') FROM pg_prepared_xacts
      WHERE database = current_database() AND gid LIKE 'citus%' $$)`,
};

/** Returns the bound for a read of everything that is committed; null on one server, where a snapshot is enough. */
export async function readBound(reader: Reader, { isDistributed = false }): Promise<FeedBound | null> {
  return isDistributed ? await readSettledBound(reader) : null;
}

/**
 * Returns a bound whose events are visible on every node of a distributed database. A transaction that has ended on the
 * coordinator may still be prepared on a node, where its events are not visible yet, so this waits for it. A transaction
 * that wrote to a single node is visible there a moment before it ends on the coordinator; until then it counts as running.
 */
async function readSettledBound(reader: Reader): Promise<FeedBound> {
  const [snapshot] = await reader.rows<{ last: string; running: string[] }>(SNAPSHOT, []);
  if (!snapshot) throw new Error("The table event_feed has no row.");
  let waitingFor = await prepared(reader);
  for (const end = performance.now() + TIMEOUT_MS; waitingFor.size > 0; ) {
    if (performance.now() > end) throw new Unavailable("A node of the database does not finish transactions.");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const left = await prepared(reader);
    waitingFor = new Set([...waitingFor].filter((transaction) => left.has(transaction)));
  }
  return { last: Number(snapshot.last), running: snapshot.running.map(Number) };
}

async function prepared(reader: Reader): Promise<Set<string>> {
  const nodes = await reader.rows<{ success: boolean; result: string }>(PREPARED, []);
  if (nodes.some(({ success }) => !success)) throw new Unavailable("A node of the database cannot be reached.");
  return new Set(nodes.flatMap(({ result }): string[] => JSON.parse(result)));
}
