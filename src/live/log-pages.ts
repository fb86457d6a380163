import { LRUCache } from "lru-cache";
import { type EventKind, type LiveEvent, readEventBatch } from "../store/events/live-events";
import type { FeedDependencies } from "./feed";

const PAGE = 50;
const CACHED_PAGES = 64;
const EVERYTHING: ReadonlySet<EventKind> = new Set(["invitation", "member"]);

/** An event of a stretch of a log by what was seen before it; undefined where it is not part of it. */
export function eventAfter(stretch: readonly LiveEvent[], seen: number): LiveEvent | undefined {
  const first = stretch[0];
  return first && seen + 1 >= first.sequence ? stretch[seen + 1 - first.sequence] : undefined;
}

/**
 * Pages of organizations' logs, for those who are far behind. They come in crowds, after a deploy or when the process
 * could not keep up, and each page is read once for all of them: what makes them late must not grow with their number.
 */
export class LogPages {
  private readonly pages = new LRUCache<string, Promise<readonly LiveEvent[]>>({ max: CACHED_PAGES });

  constructor(private readonly dependencies: FeedDependencies) {}

  /** The page with the event that follows `seen`; without it where there is none yet. */
  around(organizationId: string, seen: number): Promise<readonly LiveEvent[]> {
    const position = seen - (seen % PAGE);
    const name = `${organizationId} ${position}`;
    return this.pages.get(name) ?? this.read(name, organizationId, position);
  }

  private read(name: string, organizationId: string, position: number): Promise<readonly LiveEvent[]> {
    const { database, clock } = this.dependencies;
    const wanted = { organizationId, position, limit: PAGE, userIds: [], kinds: EVERYTHING };
    const page = readEventBatch(database, clock.now(), wanted).then((excerpt) => excerpt?.events ?? []);
    this.pages.set(name, page);
    const forget = () => {
      if (this.pages.get(name) === page) this.pages.delete(name);
    };
    // What is not full yet goes on later.
    page.then((events) => events.length < PAGE && forget(), forget);
    return page;
  }
}
