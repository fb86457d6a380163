import { Denied } from "../domain/denial";
import { ownMembershipChangeOf } from "../domain/live";
import { type MembershipEvent, readMembershipEvents, readMembershipHeads } from "../store/events/membership-events";
import { type Positions, writePositions } from "../store/events/positions";
import type { FeedDependencies } from "./feed";
import type { PersonalChange, PersonalLog } from "./personal-feed";

/** A change of one of the viewer's memberships. `cursor` resumes after it. */
export interface OwnMembershipChange {
  change: NonNullable<ReturnType<typeof ownMembershipChangeOf>>;
  occurredAt: Date;
  organizationId: string;
  cursor: string;
}

/**
 * The memberships of one person. A stream begins with the changes after its cursor, or without one with the next
 * change.
 */
export class MembershipLog implements PersonalLog<OwnMembershipChange> {
  constructor(
    private readonly dependencies: Pick<FeedDependencies, "database" | "epochs">,
    private readonly userId: string,
  ) {}

  /** All streams of the feed start at its own positions, so that each event has the same cursor for all of them. */
  async readStart(after: Positions | null, catchUp: (readHeads: () => Promise<Positions>) => Promise<Positions>) {
    const positions = await catchUp(() => this.readHeads());
    if (!after) return { first: [], positions };
    assertReached(after, positions);
    const changes = await this.readChanges(new Map(after));
    // The feed delivers later ones.
    const missed = changes.filter(({ organizationId, sequence }) => sequence <= (positions.get(organizationId) ?? 0));
    return { first: missed.map(({ payload }) => payload), positions };
  }

  async readChanges(positions: Positions): Promise<Array<PersonalChange<OwnMembershipChange>>> {
    const passed = new Map(positions);
    const events = await readMembershipEvents(this.dependencies.database, this.userId, positions);
    return events.flatMap((event) => this.toChange(event, passed) ?? []);
  }

  /** A person may always read the changes of their own memberships. */
  readHolders(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(userIds));
  }

  lostRight(): Error {
    return new Denied("FORBIDDEN", "These are the memberships of somebody else.");
  }

  private async readHeads(): Promise<Positions> {
    const heads = await readMembershipHeads(this.dependencies.database, [this.userId]);
    return new Map(heads.map(({ organizationId, head }) => [organizationId, head]));
  }

  /** Advances `passed` to the event. */
  private toChange({ organizationId, sequence, type, occurredAt }: MembershipEvent, passed: Positions) {
    passed.set(organizationId, sequence);
    const change = ownMembershipChangeOf(type);
    if (!change) return null;
    const { epochs } = this.dependencies;
    const payload = { change, occurredAt, organizationId, cursor: epochs.tag(writePositions(this.userId, passed)) };
    return { organizationId, sequence, payload };
  }
}

function assertReached(after: Positions, positions: Positions): void {
  for (const [organizationId, sequence] of after) {
    const head = positions.get(organizationId);
    // An organization without a position was purged.
    if (head === undefined || sequence <= head) continue;
    throw new Denied("BAD_USER_INPUT", "'after' is ahead of the log of your memberships. Start again without it.");
  }
}
