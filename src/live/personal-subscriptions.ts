import { forbidden } from "../domain/denial";
import { type Person, verifiedEmail } from "../domain/viewer";
import { assertKnown, untag } from "../store/events/epochs";
import { readMembershipHeads } from "../store/events/membership-events";
import { addresseeTopic, membershipTopic } from "../store/events/notifier";
import { type Positions, readPositions } from "../store/events/positions";
import { readInvitingHeads } from "../store/events/received-events";
import { assertMembershipsKept } from "../store/events/removed-events";
import { findUser } from "../store/user";
import type { InvitationView } from "../store/views/invitations";
import type { EventStream } from "./event-stream";
import type { FeedDependencies } from "./feed";
import { FeedRegistry } from "./feed-registry";
import { MembershipLog, type OwnMembershipChange } from "./membership-log";
import { PersonalFeed } from "./personal-feed";
import { ReceivedLog } from "./received-log";

/** How many people's memberships one poll checks. If there are more, the next poll continues with the next ones. */
const POLLED_PEOPLE = 1_000;

/** The event streams of changes that concern one person, in all organizations. */
export class PersonalSubscriptions {
  private readonly addressees = new FeedRegistry<PersonalFeed<InvitationView>>();
  private readonly members = new FeedRegistry<PersonalFeed<OwnMembershipChange>>();
  private polled = 0;

  constructor(private readonly dependencies: FeedDependencies) {}

  /** Streams the invitations to the person's verified address: those pending, then each change. */
  async subscribeToReceived(person: Person, onStalled: () => void): Promise<EventStream<InvitationView>> {
    const { dependencies } = this;
    // The stored address can be newer than the one in the token.
    const stored = await findUser(dependencies.database, person.id);
    const email = verifiedEmail({ ...person, ...stored });
    if (email === null) throw forbidden("Verify your e-mail address first: invitations are sent to it.");
    const create = () => new PersonalFeed(email, new ReceivedLog(dependencies, email));
    return await this.addressees.openStream(addresseeTopic(email), create, (feed) =>
      feed.subscribe(person.id, onStalled, null),
    );
  }

  /** Streams the changes of the person's memberships from now on, or those after a cursor. Throws BAD_USER_INPUT. */
  async subscribeToMemberships(
    { id }: Person,
    after: string | null,
    onStalled: () => void,
  ): Promise<EventStream<OwnMembershipChange>> {
    const positions = after === null ? null : await this.readPositions(id, after);
    const create = () => new PersonalFeed(id, new MembershipLog(this.dependencies, id));
    return await this.members.openStream(membershipTopic(id), create, (feed) =>
      feed.subscribe(id, onStalled, positions),
    );
  }

  get(topic: string): PersonalFeed<InvitationView> | PersonalFeed<OwnMembershipChange> | undefined {
    return this.addressees.get(topic) ?? this.members.get(topic);
  }

  all(): Array<PersonalFeed<InvitationView> | PersonalFeed<OwnMembershipChange>> {
    return [...this.addressees.all(), ...this.members.all()];
  }

  /** Returns the feeds of invitations that have changes to read. */
  async addresseesBehind(): Promise<Array<PersonalFeed<InvitationView>>> {
    const emails = this.addressees.all().map(({ key }) => key);
    const heads = emails.length === 0 ? [] : await readInvitingHeads(this.dependencies.database, emails);
    const behind = heads.flatMap(({ email, organizationId, head }) => {
      const feed = this.addressees.get(addresseeTopic(email));
      return feed?.isBehind(organizationId, head) ? feed : [];
    });
    return [...new Set(behind)];
  }

  /** Returns the feeds of memberships that have changes to read, among all people or among the next ones to poll. */
  async membersBehind(isComplete: boolean): Promise<Array<PersonalFeed<OwnMembershipChange>>> {
    const userIds = (isComplete ? this.members.all() : this.nextMembers()).map(({ key }) => key);
    const heads = userIds.length === 0 ? [] : await readMembershipHeads(this.dependencies.database, userIds);
    const behind = heads.flatMap(({ userId, organizationId, head }) => {
      const feed = this.members.get(membershipTopic(userId));
      return feed?.isBehind(organizationId, head) ? feed : [];
    });
    return [...new Set(behind)];
  }

  /** Throws BAD_USER_INPUT for a cursor of another list, or of events that are gone. */
  private async readPositions(userId: string, after: string): Promise<Positions> {
    const { database, epochs } = this.dependencies;
    const { cursor, epoch } = untag(after);
    const positions = readPositions(userId, cursor);
    await assertKnown(database, epochs, epoch, [...positions]);
    await assertMembershipsKept(database, userId, positions);
    return positions;
  }

  private nextMembers(): Array<PersonalFeed<OwnMembershipChange>> {
    const feeds = this.members.all();
    const start = this.polled < feeds.length ? this.polled : 0;
    this.polled = start + POLLED_PEOPLE;
    return feeds.slice(start, this.polled);
  }
}
