import { Denied, forbidden, notFound, unauthenticated } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";
import { type Person, type Viewer, verifiedEmail } from "../domain/viewer";
import { type LiveEvent, readHeads, readMemberState } from "../store/events/live-events";
import { addresseeTopic, type Notifier } from "../store/events/notifier";
import { readInvitingHeads } from "../store/events/received-events";
import type { ServiceEvent } from "../store/events/service-events";
import { readCursor, writeCursor } from "../store/page";
import { findUser } from "../store/user";
import type { InvitationView } from "../store/views/invitations";
import { BatchCache } from "./batch-cache";
import type { EventFilter } from "./event-filter";
import type { EventStream } from "./event-stream";
import type { FeedDependencies } from "./feed";
import { FeedRegistry } from "./feed-registry";
import { LogCursor } from "./log-cursor";
import { OpenStreams } from "./open-streams";
import { OrganizationFeed } from "./organization-feed";
import { ReceivedFeed } from "./received-feed";
import type { ServiceFeed } from "./service-feed";
import { type ServiceFeedArgs, ServiceSubscriptions } from "./service-subscriptions";
import { assertMaySubscribe } from "./subscriber-right";

export interface Subscriber {
  viewer: Viewer;
  /** When their token expires, and their streams with it. */
  expiresAt: Date | null;
  /** The id of the key that signed their token; their streams end when the key is withdrawn. */
  signedBy?: string | null;
  /** Called before a stream is closed because its client does not read. */
  onStalled(): void;
}

/** How often the feeds look for changes whose notification was lost, in milliseconds. */
const POLL_MS = 1_000;
/** How long clients may take to receive their last events at shutdown, in milliseconds. */
const DRAIN_MS = 3_000;

/** All event streams of this process. docs/live.md follows an event through the files. */
export class Subscriptions {
  private readonly organizations = new FeedRegistry<OrganizationFeed>();
  private readonly addressees = new FeedRegistry<ReceivedFeed>();
  private readonly services: ServiceSubscriptions;
  private readonly streams: OpenStreams;
  private readonly batches: BatchCache;
  private readonly pollTimer: NodeJS.Timeout;

  constructor(
    private readonly dependencies: FeedDependencies,
    notifier: Pick<Notifier, "subscribe">,
    private readonly warn: (error: unknown) => void,
  ) {
    this.streams = new OpenStreams(dependencies.clock);
    this.batches = new BatchCache(dependencies);
    this.services = new ServiceSubscriptions(dependencies);
    notifier.subscribe((topics) => this.onPublished(topics));
    this.pollTimer = setInterval(() => void this.poll(), POLL_MS).unref();
  }

  /**
   * Streams the events of an organization from now on, or those after a cursor. Throws NOT_FOUND to strangers, FORBIDDEN
   * to members without the permission, BAD_USER_INPUT for a cursor of another organization.
   */
  async subscribeToOrganization(
    subscriber: Subscriber,
    args: { organizationId: string; after?: string | null },
    filter: EventFilter,
  ): Promise<EventStream<LiveEvent>> {
    const { id: userId } = asPerson(subscriber.viewer);
    const organizationId = args.organizationId.toLowerCase();
    if (!isIdentifier(organizationId)) throw notFound("organization");
    const create = () => new OrganizationFeed(this.dependencies, this.batches, organizationId);
    return await this.streams.add({ ...subscriber, id: userId }, () =>
      // The feed must exist before the head is read, or a notification in between would be lost.
      this.organizations.openStream(organizationId, create, async (feed) => {
        const head = await this.assertVisible(organizationId, userId, filter);
        const position = args.after == null ? head : positionOf(organizationId, args.after, head);
        const cursor = new LogCursor(feed, userId, filter, subscriber.onStalled, position, head);
        return feed.subscribe(cursor, filter.kind, head);
      }),
    );
  }

  /** Streams the invitations to the viewer's verified address: those pending, then each change. */
  async subscribeToReceivedInvitations(subscriber: Subscriber): Promise<EventStream<InvitationView>> {
    const person = asPerson(subscriber.viewer);
    // The stored address can be newer than the one in the token.
    const stored = await findUser(this.dependencies.database, person.id);
    const email = verifiedEmail({ ...person, ...stored });
    if (email === null) throw forbidden("Verify your e-mail address first: invitations are sent to it.");
    const create = () => new ReceivedFeed(this.dependencies, email);
    return await this.streams.add({ ...subscriber, id: person.id }, () =>
      this.addressees.openStream(addresseeTopic(email), create, (feed) =>
        feed.subscribe(person.id, subscriber.onStalled),
      ),
    );
  }

  /** Streams the events of all organizations to a service. */
  async subscribeToAll(subscriber: Subscriber, args: ServiceFeedArgs): Promise<EventStream<ServiceEvent>> {
    const id = this.services.assertMaySubscribe(subscriber.viewer);
    return await this.streams.add({ ...subscriber, id }, () => this.services.subscribe(id, args, subscriber.onStalled));
  }

  /** Ends the streams of tokens whose signing key is no longer trusted. */
  endUntrusted(isTrusted: (signedBy: string) => boolean): void {
    this.streams.endUntrusted(isTrusted);
  }

  /** The number of open streams. */
  get size(): number {
    return this.feeds.reduce((sum, { size }) => sum + size, 0);
  }

  /** Delivers the events that are already committed, for DRAIN_MS at most; slower clients can resume elsewhere. */
  async drain(): Promise<void> {
    clearInterval(this.pollTimer);
    const { feeds } = this;
    await Promise.allSettled(feeds.map((feed) => feed.refresh()));
    const until = performance.now() + DRAIN_MS;
    while (!feeds.every(({ isIdle }) => isIdle) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.pollTimer);
    for (const feed of this.feeds) feed.close();
  }

  private get feeds(): Array<OrganizationFeed | ReceivedFeed | ServiceFeed> {
    return [...this.organizations.all(), ...this.addressees.all(), ...this.services.all()];
  }

  /** Checks the right to subscribe. Returns the head of the log. */
  private async assertVisible(organizationId: string, userId: string, filter: EventFilter): Promise<number> {
    const state = await readMemberState(this.dependencies.database, organizationId, userId);
    if (!state) throw notFound("organization");
    assertMaySubscribe(filter, state.role);
    return state.head;
  }

  private onPublished(topics: readonly string[] | null): void {
    if (topics === null) return void this.poll();
    for (const topic of topics) {
      const feed = this.organizations.get(topic) ?? this.addressees.get(topic);
      feed?.refresh().catch(this.warn);
    }
    if (topics.length > 0) for (const feed of this.services.all()) feed.refresh().catch(this.warn);
  }

  private async poll(): Promise<void> {
    try {
      for (const feed of this.feeds) feed.closeStalled();
      const behind = await Promise.all([this.organizationsBehind(), this.addresseesBehind()]);
      await Promise.all([...behind.flat(), ...this.services.all()].map((feed) => feed.refresh()));
    } catch (error) {
      this.warn(error);
    }
  }

  private async organizationsBehind(): Promise<OrganizationFeed[]> {
    const ids = this.organizations.topics();
    const heads = ids.length === 0 ? [] : await readHeads(this.dependencies.database, ids);
    return heads.flatMap(({ id, head }) => {
      const feed = this.organizations.get(id);
      return feed?.isBehind(head) ? feed : [];
    });
  }

  private async addresseesBehind(): Promise<ReceivedFeed[]> {
    const emails = this.addressees.all().map(({ email }) => email);
    const heads = emails.length === 0 ? [] : await readInvitingHeads(this.dependencies.database, emails);
    const behind = heads.flatMap(({ email, organizationId, head }) => {
      const feed = this.addressees.get(addresseeTopic(email));
      return feed?.isBehind(organizationId, head) ? feed : [];
    });
    return [...new Set(behind)];
  }
}

/** The cursor of an event; a subscription resumes after it. */
export function cursorOf(organizationId: string, { sequence }: LiveEvent): string {
  return writeCursor(CURSORS, organizationId, [sequence]);
}

const CURSORS = "events";

function positionOf(organizationId: string, after: string, head: number): number {
  const [sequence] = readCursor(CURSORS, organizationId, after);
  if (typeof sequence === "number" && sequence <= head) return sequence;
  throw new Denied("BAD_USER_INPUT", "'after' is not a cursor of this organization's events.");
}

function asPerson(viewer: Viewer): Person {
  if (viewer.kind === "anonymous") throw unauthenticated();
  if (viewer.kind === "person") return viewer;
  throw forbidden("Subscriptions are for people; a service cannot subscribe.");
}
