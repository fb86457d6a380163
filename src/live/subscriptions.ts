import { Denied, forbidden, notFound, unauthenticated } from "../domain/denial";
import { isIdentifier } from "../domain/identifier";
import { mayInOrganization } from "../domain/permission";
import { type Person, type Viewer, verifiedEmail } from "../domain/viewer";
import { type LiveEvent, readHeads, readMemberState } from "../store/events/live-events";
import { addresseeTopic, type Notifier } from "../store/events/notifier";
import { readInvitingHeads } from "../store/events/received-events";
import { readCursor, writeCursor } from "../store/page";
import { findUser } from "../store/user";
import type { InvitationView } from "../store/views/invitations";
import type { EventStream } from "./event-stream";
import type { FeedDependencies } from "./feed";
import { FeedRegistry } from "./feed-registry";
import type { EventFilter } from "./log-cursor";
import { LogPages } from "./log-pages";
import { OpenStreams } from "./open-streams";
import { OrganizationFeed } from "./organization-feed";
import { ReceivedFeed } from "./received-feed";

/** Who subscribes, on which terms. */
export interface Subscriber {
  viewer: Viewer;
  /** When their token ends, and their streams with it. */
  expiresAt: Date | null;
  /** The key that their token is signed with; their streams end when it is withdrawn. */
  signedBy?: string | null;
  /** Called when they do not read although much has come up; their stream is over then. */
  onStalled(): void;
}

/** What covers wake-ups that were lost, in milliseconds. */
const POLL_MS = 1_000;
/** How long those who are still reading may take when the process ends, in milliseconds. */
const DRAIN_MS = 3_000;

/** Everything that is watched in this process. */
export class Subscriptions {
  private readonly organizations = new FeedRegistry<OrganizationFeed>();
  private readonly addressees = new FeedRegistry<ReceivedFeed>();
  private readonly streams: OpenStreams;
  private readonly pages: LogPages;
  private readonly poll: NodeJS.Timeout;

  constructor(
    private readonly dependencies: FeedDependencies,
    notifier: Pick<Notifier, "subscribe">,
    private readonly warn: (error: unknown) => void,
  ) {
    this.streams = new OpenStreams(dependencies.clock);
    this.pages = new LogPages(dependencies);
    notifier.subscribe((topics) => this.onPublished(topics));
    this.poll = setInterval(() => void this.pollAll(), POLL_MS).unref();
  }

  /**
   * Streams an organization's events from now on, or from after a cursor. Throws NOT_FOUND to strangers, FORBIDDEN to
   * members without the permission, BAD_USER_INPUT for a cursor that is not this organization's.
   */
  async subscribeToOrganization(
    subscriber: Subscriber,
    { organizationId: named, after }: { organizationId: string; after?: string | null },
    topic: EventFilter,
  ): Promise<EventStream<LiveEvent>> {
    const { id: userId } = asPerson(subscriber.viewer);
    const organizationId = named.toLowerCase();
    if (!isIdentifier(organizationId)) throw notFound("organization");
    const create = () => new OrganizationFeed(this.dependencies, this.pages, organizationId);
    return await this.streams.add({ ...subscriber, id: userId }, () =>
      // The feed is there before the log's end is read, so that nothing falls between the two.
      this.organizations.use(organizationId, create, async (feed) => {
        const state = await readMemberState(this.dependencies.database, organizationId, userId);
        if (!state?.role) throw notFound("organization");
        const { permission } = topic;
        if (permission !== null && !mayInOrganization(state.role, permission)) {
          throw forbidden(`Your role in this organization lacks ${permission}.`);
        }
        const seen = after == null ? state.head : positionOf(organizationId, after, state.head);
        const { onStalled } = subscriber;
        return feed.subscribe({ userId, onStalled }, topic, { seen, head: state.head });
      }),
    );
  }

  /** Streams the invitations to the viewer's verified address: those pending, then each change. */
  async subscribeToReceivedInvitations(subscriber: Subscriber): Promise<EventStream<InvitationView>> {
    const person = asPerson(subscriber.viewer);
    // The newest address that is known of them: the token may be older.
    const known = await findUser(this.dependencies.database, person.id);
    const email = verifiedEmail({ ...person, ...known });
    if (email === null) throw forbidden("Verify your e-mail address first: invitations reach you by it.");
    const create = () => new ReceivedFeed(this.dependencies, email);
    return await this.streams.add({ ...subscriber, id: person.id }, () =>
      this.addressees.use(addresseeTopic(email), create, (feed) => feed.subscribe(person.id, subscriber.onStalled)),
    );
  }

  /** Ends the streams of those whose token is signed with a key that is not trusted any more. */
  endUntrusted(isTrusted: (signedBy: string) => boolean): void {
    this.streams.endUntrusted(isTrusted);
  }

  /** How many streams have begun and not ended. */
  get size(): number {
    return [...this.organizations.all(), ...this.addressees.all()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Gives everybody the events that are there already; those who take too long can resume elsewhere. */
  async drain(): Promise<void> {
    clearInterval(this.poll);
    const feeds = [...this.organizations.all(), ...this.addressees.all()];
    await Promise.allSettled(feeds.map((feed) => feed.refresh()));
    const until = performance.now() + DRAIN_MS;
    while (!feeds.every(({ isIdle }) => isIdle) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends what is still watched. */
  close(): void {
    clearInterval(this.poll);
    for (const feed of [...this.organizations.all(), ...this.addressees.all()]) feed.close();
  }

  private onPublished(topics: readonly string[] | null): void {
    if (topics === null) return void this.pollAll();
    for (const topic of topics) {
      const feed = this.organizations.get(topic) ?? this.addressees.get(topic);
      feed?.refresh().catch(this.warn);
    }
  }

  /** Looks whether anything came up that nobody was woken for. */
  private async pollAll(): Promise<void> {
    try {
      for (const feed of [...this.organizations.all(), ...this.addressees.all()]) feed.closeStalled();
      const organizations = this.organizations.keys();
      const emails = [...this.addressees.all()].map(({ email }) => email);
      const [heads, inviting] = await Promise.all([
        organizations.length === 0 ? [] : readHeads(this.dependencies.database, organizations),
        emails.length === 0 ? [] : readInvitingHeads(this.dependencies.database, emails),
      ]);
      const behind = new Set<OrganizationFeed | ReceivedFeed>();
      for (const { id, head } of heads) {
        const feed = this.organizations.get(id);
        if (feed?.isBehind(head)) behind.add(feed);
      }
      for (const { email, organizationId, head } of inviting) {
        const feed = this.addressees.get(addresseeTopic(email));
        if (feed?.isBehind(organizationId, head)) behind.add(feed);
      }
      await Promise.all([...behind].map((feed) => feed.refresh()));
    } catch (error) {
      this.warn(error);
    }
  }
}

/** The cursor of an event: a subscription with it goes on after the event. */
export function cursorOf(organizationId: string, { sequence }: LiveEvent): string {
  return writeCursor(CURSORS, organizationId, [sequence]);
}

const CURSORS = "events";

function positionOf(organizationId: string, after: string, head: number): number {
  const [sequence] = readCursor(CURSORS, organizationId, after);
  if (typeof sequence === "number" && sequence <= head) return sequence;
  throw new Denied("BAD_USER_INPUT", "'after' is no cursor of this organization's events.");
}

function asPerson(viewer: Viewer): Person {
  if (viewer.kind === "anonymous") throw unauthenticated();
  if (viewer.kind === "person") return viewer;
  throw forbidden("This is for people; a service cannot watch.");
}
