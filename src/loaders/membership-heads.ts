import { readMembershipHeads } from "../store/events/membership-events";
import type { Positions } from "../store/events/positions";
import type { LoaderContext } from "./batch";

/**
 * The position from which a stream of the viewer's memberships continues an answer. Read before everything else, like
 * EventHeads.
 */
export class MembershipHeads {
  private marked: Promise<Positions> | null = null;

  constructor(private readonly context: LoaderContext) {}

  /** Never rejects: only the field that needs the heads fails. */
  async mark(): Promise<void> {
    this.marked = this.read();
    await this.marked.catch(() => undefined);
  }

  /** Marks after a change, if it was marked before. */
  async markAgain({ marked }: MembershipHeads): Promise<void> {
    if (!marked) return;
    this.marked = this.read().catch(() => marked);
    await this.marked.catch(() => undefined);
  }

  positions(): Promise<Positions> {
    return this.marked ?? this.read();
  }

  private async read(): Promise<Positions> {
    const { reader, visibility } = this.context;
    const heads = visibility.userId === null ? [] : await readMembershipHeads(reader, [visibility.userId]);
    return new Map(heads.map(({ organizationId, head }) => [organizationId, head]));
  }
}
