import type { EventType } from "../../src/domain/events";
import type { Reader } from "../../src/store/engine/statement";
import { type FeedPosition, readFeedCursor, writeFeedCursor } from "../../src/store/events/feed-position";
import { type FeedBound, readFeedEnd, readFeedPage } from "../../src/store/events/service-events";
import type { TestOrganization, World } from "./world";

type NameOf = (event: { organizationId: string; sequence: number }) => string;

export interface FeedOptions {
  limit?: number;
  scanLimit?: number;
  types?: EventType[] | null;
  bound?: FeedBound | null;
}

/** A reader that passes its position on as a cursor, like clients. */
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

/** Readers of a world's feed, in which events have the name of their organization and their number. */
export class NamedFeed {
  constructor(
    private readonly world: World,
    private readonly organizations: Readonly<Record<string, TestOrganization>>,
  ) {}

  readonly nameOf: NameOf = ({ organizationId, sequence }) => `${this.nameOfOrganization(organizationId)} ${sequence}`;

  now(): Promise<FeedReader> {
    return FeedReader.now(this.world.database, this.nameOf);
  }

  at(position: FeedPosition): FeedReader {
    return FeedReader.at(this.world.database, this.nameOf, position);
  }

  async headOf({ id }: TestOrganization): Promise<number> {
    const text = "SELECT event_sequence AS head FROM organization WHERE id = $1";
    return (await this.world.query<{ head: number }>(text, id))[0]?.head ?? 0;
  }

  /** The names of the next events of an organization, before they are written. */
  async upcoming(organization: TestOrganization, count: number): Promise<string[]> {
    const head = await this.headOf(organization);
    const name = this.nameOfOrganization(organization.id);
    return Array.from({ length: count }, (_, n) => `${name} ${head + 1 + n}`);
  }

  private nameOfOrganization(id: string): string | undefined {
    return Object.keys(this.organizations).find((name) => this.organizations[name]?.id === id);
  }
}
