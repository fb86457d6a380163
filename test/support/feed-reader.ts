import type { EventType } from "../../src/domain/events";
import type { Reader } from "../../src/store/engine/statement";
import { type FeedPosition, readFeedCursor, writeFeedCursor } from "../../src/store/events/feed-position";
import { type FeedBound, readFeedEnd, readFeedPage } from "../../src/store/events/service-events";

type NameOf = (event: { organizationId: string; sequence: number }) => string;

export interface FeedOptions {
  limit?: number;
  scanLimit?: number;
  types?: EventType[] | null;
  bound?: FeedBound | null;
}

/** A reader that passes its position on as a cursor, as clients do. */
export class FeedReader {
  private constructor(
    private readonly database: Reader,
    private readonly nameOf: NameOf,
    private cursor: string,
  ) {}

  static async now(database: Reader, nameOf: NameOf): Promise<FeedReader> {
    return new FeedReader(database, nameOf, writeFeedCursor(await readFeedEnd(database)));
  }

  static at(database: Reader, nameOf: NameOf, position: FeedPosition): FeedReader {
    return new FeedReader(database, nameOf, writeFeedCursor(position));
  }

  get position(): FeedPosition {
    return readFeedCursor(this.cursor);
  }

  /** Reads one page. */
  async page({ limit = 100, scanLimit = 100, types = null, bound = null }: FeedOptions = {}) {
    const page = await readFeedPage(this.database, { position: this.position, limit, scanLimit, types, bound });
    this.cursor = writeFeedCursor(page.position);
    return page;
  }

  /** Reads to the end, and returns the names of the events. */
  async all(options: FeedOptions = {}): Promise<string[]> {
    const read: string[] = [];
    for (;;) {
      const { events, hasMore } = await this.page(options);
      read.push(...events.map(this.nameOf));
      if (!hasMore) return read;
    }
  }
}
