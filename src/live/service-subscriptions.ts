import { assertScope } from "../domain/authorization";
import { Denied } from "../domain/denial";
import { type EventType, parseEventTypes } from "../domain/events";
import { actorLabel, type Service, type Viewer } from "../domain/viewer";
import { cursorOfLostEvents, type Epochs, untag } from "../store/events/epochs";
import { type FeedPosition, readFeedCursor } from "../store/events/feed-position";
import { assertFeedKept } from "../store/events/removed-events";
import type { ServiceEvent } from "../store/events/service-events";
import type { EventStream } from "./event-stream";
import type { FeedDependencies } from "./feed";
import { FeedRegistry } from "./feed-registry";
import { ServiceCursor } from "./service-cursor";
import { ServiceFeed } from "./service-feed";

/** The one feed over all organizations has one topic. */
const ALL_ORGANIZATIONS = "organizations";

/** Where the feed starts, and which events it has. */
export interface ServiceFeedArgs {
  after?: string | null;
  types?: readonly string[] | null;
}

/** The event streams of other services, over all organizations. */
export class ServiceSubscriptions {
  private readonly feeds = new FeedRegistry<ServiceFeed>();

  constructor(private readonly dependencies: FeedDependencies) {}

  /**
   * Throws UNAUTHENTICATED, or FORBIDDEN unless the viewer is a service with the scope. Returns the name under which
   * its streams are counted.
   */
  assertMaySubscribe(viewer: Viewer): string {
    assertScope(viewer, "events:read");
    return actorLabel(viewer as Service);
  }

  /**
   * Opens a stream from now on, or after a cursor. Throws BAD_USER_INPUT for a cursor of another list or an unknown
   * type.
   */
  async subscribe(userId: string, args: ServiceFeedArgs, onStalled: () => void): Promise<EventStream<ServiceEvent>> {
    const { types, after } = parseFeedArgs(this.dependencies.epochs, args);
    if (after) await assertFeedKept(this.dependencies.database, after, types);
    const create = () => new ServiceFeed(this.dependencies);
    const subscriber = { userId, types: types && new Set<EventType>(types), onStalled };
    return await this.feeds.openStream(ALL_ORGANIZATIONS, create, async (feed) => {
      const cursorAt = (position: FeedPosition, index: number | null) =>
        new ServiceCursor(feed, subscriber, position, index);
      return (await feed.subscribe(after, cursorAt)) ?? refuseCursorAhead();
    });
  }

  all(): ServiceFeed[] {
    return this.feeds.all();
  }
}

/** Parses the arguments that the query and the subscription share. Throws BAD_USER_INPUT. */
export function parseFeedArgs(epochs: Epochs, { after, types }: ServiceFeedArgs) {
  return {
    after: after == null ? null : readKnownCursor(epochs, after),
    types: types == null ? null : parseEventTypes(types),
  };
}

function readKnownCursor(epochs: Epochs, after: string): FeedPosition {
  const { cursor, epoch } = untag(after);
  const position = readFeedCursor(cursor);
  const lastPosition = epochs.lastPositionOf(epoch);
  if (lastPosition !== null && position.last[0] > lastPosition) throw cursorOfLostEvents();
  return position;
}

/**
 * Refuses a cursor beyond the end of the log: it comes from another database, or from the time before this one was
 * restored.
 */
export function refuseCursorAhead(): never {
  const message = "'after' is ahead of the log, which was restored to an earlier state. Start again without a cursor.";
  throw new Denied("BAD_USER_INPUT", message);
}
