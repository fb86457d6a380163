import { forbidden } from "../domain/denial";
import type { Positions } from "../store/events/positions";
import { readHolders, readPending, readReceivedChanges } from "../store/events/received-events";
import type { InvitationView } from "../store/views/invitations";
import type { FeedDependencies } from "./feed";
import type { PersonalChange, PersonalLog } from "./personal-feed";

/** The invitations to one verified e-mail address. A stream begins with those that are pending. */
export class ReceivedLog implements PersonalLog<InvitationView> {
  constructor(
    private readonly dependencies: FeedDependencies,
    private readonly email: string,
  ) {}

  async readStart() {
    const { database, clock } = this.dependencies;
    const { pending, positions } = await readPending(database, clock.now(), this.email);
    return { first: pending, positions };
  }

  async readChanges(positions: Positions): Promise<Array<PersonalChange<InvitationView>>> {
    const { database, clock } = this.dependencies;
    const changes = await readReceivedChanges(database, clock.now(), this.email, positions);
    return changes.map(({ organizationId, sequence, invitation: payload }) => ({ organizationId, sequence, payload }));
  }

  /** The people who still have this verified address. */
  readHolders(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return readHolders(this.dependencies.database, this.email, userIds);
  }

  lostRight(): Error {
    return forbidden("This is no longer your verified e-mail address. Sign in again to continue.");
  }
}
