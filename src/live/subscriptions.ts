import { forbidden, notFound, unauthenticated } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";
import type { Person, Viewer } from "../domain/viewer";
import { assertKnown, untag } from "../store/events/epochs";
import { readEventCursor } from "../store/events/event-cursor";
import { type LiveEvent, readHeads, readMemberState } from "../store/events/live-events";
import { MANY_PEOPLE, type Notifier } from "../store/events/notifier";
import { assertLogKept } from "../store/events/removed-events";
import type { ServiceEvent } from "../store/events/service-events";
import type { InvitationView } from "../store/views/invitations";
import { BatchCache } from "./batch-cache";
import type { EventFilter } from "./event-filter";
import type { EventStream } from "./event-stream";
import type { FeedDependencies } from "./feed";
import { FeedRegistry } from "./feed-registry";
import { LogCursor } from "./log-cursor";
import type { OwnMembershipChange } from "./membership-log";
import { OpenStreams } from "./open-streams";
import { OrganizationFeed } from "./organization-feed";
import { PersonalSubscriptions } from "./personal-subscriptions";
import { type ServiceFeedArgs, ServiceSubscriptions } from "./service-subscriptions";
import { assertMaySubscribe } from "./subscriber-right";

export interface Subscriber {
  viewer: Viewer;
  /** When their token expires, which ends their streams. */
  expiresAt: Date | null;
  /** The id of the key that signed their token; their streams end when the key is withdrawn. */
  signedBy?: string | null;
  /** Called before a stream is closed because its client does not read. */
  onStalled(): void;
}

/** How often the feeds check for changes whose notification was lost, in milliseconds. */
const POLL_MS = 1_000;
/** How long clients may take to receive their last events at shutdown, in milliseconds. */
const DRAIN_MS = 3_000;

interface Refreshable {
  refresh(): Promise<void>;
}

/** All event streams of this process. docs/live.md follows an event through the files. */
export class Subscriptions {
  private readonly organizations = new FeedRegistry<OrganizationFeed>();
  private readonly people: PersonalSubscriptions;
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
    this.people = new PersonalSubscriptions(dependencies);
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
      // The feed must exist before the head is read. Otherwise a notification in between would be lost.
      this.organizations.openStream(organizationId, create, async (feed) => {
        const head = await this.assertVisible(organizationId, userId, filter);
        const position = args.after == null ? head : await this.readCursor(organizationId, args.after, head);
        const cursor = new LogCursor(feed, userId, filter, subscriber.onStalled, position, head);
        return feed.subscribe(cursor, filter.kind, head);
      }),
    );
  }

  /** Streams the invitations to the viewer's verified address: those pending, then each change. */
  async subscribeToReceivedInvitations(subscriber: Subscriber): Promise<EventStream<InvitationView>> {
    const person = asPerson(subscriber.viewer);
    return await this.streams.add({ ...subscriber, id: person.id }, () =>
      this.people.subscribeToReceived(person, subscriber.onStalled),
    );
  }

  /** Streams the changes of the viewer's memberships. Throws BAD_USER_INPUT for a cursor of another list. */
  async subscribeToMemberships(
    subscriber: Subscriber,
    { after }: { after?: string | null },
  ): Promise<EventStream<OwnMembershipChange>> {
    const person = asPerson(subscriber.viewer);
    return await this.streams.add({ ...subscriber, id: person.id }, () =>
      this.people.subscribeToMemberships(person, after ?? null, subscriber.onStalled),
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

  /** Delivers the events that are already committed, until the time limit; slower clients can resume elsewhere. */
  async drain(withinMs = DRAIN_MS): Promise<void> {
    clearInterval(this.pollTimer);
    const { feeds } = this;
    await Promise.allSettled(feeds.map((feed) => feed.refresh()));
    const until = performance.now() + withinMs;
    while (!feeds.every(({ isIdle }) => isIdle) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.pollTimer);
    for (const feed of this.feeds) feed.close();
  }

  private get feeds() {
    return [...this.organizations.all(), ...this.people.all(), ...this.services.all()];
  }

  /** Checks the right to subscribe. Returns the head of the log. */
  private async assertVisible(organizationId: string, userId: string, filter: EventFilter): Promise<number> {
    const state = await readMemberState(this.dependencies.database, organizationId, userId);
    if (!state) throw notFound("organization");
    assertMaySubscribe(filter, state.role);
    return state.head;
  }

  /** Throws BAD_USER_INPUT for a cursor of another list, or of events that are gone. */
  private async readCursor(organizationId: string, after: string, head: number): Promise<number> {
    const { database, epochs } = this.dependencies;
    const { cursor, epoch } = untag(after);
    const position = readEventCursor(organizationId, cursor, head);
    await assertKnown(database, epochs, epoch, [[organizationId, position]]);
    await assertLogKept(database, organizationId, position);
    return position;
  }

  private onPublished(topics: readonly string[] | null): void {
    if (topics === null) return void this.poll(true);
    for (const topic of topics) {
      const feed = this.organizations.get(topic) ?? this.people.get(topic);
      feed?.refresh().catch(this.warn);
    }
    if (topics.includes(MANY_PEOPLE)) this.refreshAll(this.people.membersBehind(true)).catch(this.warn);
    if (topics.length > 0) for (const feed of this.services.all()) feed.refresh().catch(this.warn);
  }

  /** `isComplete`: true if any notification may have been lost, so that all feeds are compared. */
  private async poll(isComplete = false): Promise<void> {
    try {
      for (const feed of this.feeds) feed.closeStalled();
      const people = [this.people.addresseesBehind(), this.people.membersBehind(isComplete)];
      const behind = [this.organizationsBehind(), ...people, this.services.all()];
      await Promise.all(behind.map((feeds) => this.refreshAll(feeds)));
    } catch (error) {
      this.warn(error);
    }
  }

  private async refreshAll(feeds: Refreshable[] | Promise<Refreshable[]>): Promise<void> {
    await Promise.all((await feeds).map((feed) => feed.refresh()));
  }

  private async organizationsBehind(): Promise<OrganizationFeed[]> {
    const ids = this.organizations.topics();
    const heads = ids.length === 0 ? [] : await readHeads(this.dependencies.database, ids);
    return heads.flatMap(({ id, head }) => {
      const feed = this.organizations.get(id);
      return feed?.isBehind(head) ? feed : [];
    });
  }
}

function asPerson(viewer: Viewer): Person {
  if (viewer.kind === "anonymous") throw unauthenticated();
  if (viewer.kind === "person") return viewer;
  throw forbidden("Services can only subscribe to organizationEvents. Sign in as a person.");
}
