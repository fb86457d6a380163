import { LRUCache } from "lru-cache";
import { type EventKind, type LiveEvent, readEventBatch } from "../store/events/live-events";
import type { FeedDependencies } from "./feed";

const BATCH_SIZE = 50;
const CACHED_BATCHES = 64;
/** Events carry what they are about as it was read, and a deletion or restoration changes that. */
const CACHED_MS = 10_000;
const ALL_KINDS: ReadonlySet<EventKind> = new Set(["invitation", "member", "organization"]);

/** The event that follows `position`, among events in the log's order; undefined if they lack it. */
export function eventAfter(events: readonly LiveEvent[], position: number): LiveEvent | undefined {
  const first = events[0];
  if (!first || position + 1 < first.sequence) return undefined;
  const event = events[position + 1 - first.sequence];
  if (event?.sequence === position + 1) return event;
  // Old events between them may have been removed.
  return events.find(({ sequence }) => sequence === position + 1);
}

/**
 * Batches of organizations' logs, for subscribers far behind. After a deployment thousands resume at once. Each batch
 * is read once for all of them, so their number does not slow them down.
 */
export class BatchCache {
  private readonly batches = new LRUCache<string, Promise<readonly LiveEvent[]>>({
    max: CACHED_BATCHES,
    ttl: CACHED_MS,
  });

  constructor(private readonly dependencies: FeedDependencies) {}

  /** Returns the batch that contains the event after `position`, if that event exists. */
  batchAfter(organizationId: string, position: number): Promise<readonly LiveEvent[]> {
    const start = position - (position % BATCH_SIZE);
    const key = `${organizationId} ${start}`;
    return this.batches.get(key) ?? this.read(key, organizationId, start);
  }

  private read(key: string, organizationId: string, position: number): Promise<readonly LiveEvent[]> {
    const { database, clock } = this.dependencies;
    const request = { organizationId, position, limit: BATCH_SIZE, userIds: [], kinds: ALL_KINDS };
    const batch = readEventBatch(database, clock.now(), request).then((result) => result?.events ?? []);
    this.batches.set(key, batch);
    const remove = () => {
      if (this.batches.get(key) === batch) this.batches.delete(key);
    };
    // A batch that is not full will grow, so it must not stay cached.
    batch.then((events) => events.length < BATCH_SIZE && remove(), remove);
    return batch;
  }
}
