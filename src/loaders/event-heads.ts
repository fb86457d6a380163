import { type EventHead, eventHeadsOfPerson, safeEventHeads } from "../store/views/event-heads";
import { byId, idOf, type LoaderContext, type RowLoader } from "./batch";

/**
 * The positions from which streams continue an answer. An answer is read at several instants, so `mark` reads the heads
 * of the viewer's logs before everything else: a change that the answer does not show has a higher sequence.
 */
export class EventHeads {
  private marked: Promise<ReadonlyMap<string, number>> | null = null;
  private readonly others: RowLoader<EventHead>;

  constructor(private readonly context: LoaderContext) {
    this.others = byId(
      context,
      "eventHead",
      ({ reader, visibility }, ids) => safeEventHeads(reader, visibility.userId, ids),
      idOf,
    );
  }

  /** Never rejects: only the fields that need the heads fail. */
  async mark(): Promise<void> {
    this.marked = this.read();
    await this.marked.catch(() => undefined);
  }

  /** Marks again after a change, if it was marked before: the answer to a mutation begins with the change. */
  async markAgain({ marked }: EventHeads): Promise<void> {
    if (!marked) return;
    // The change is committed. If the heads cannot be read, the older ones repeat an event or two.
    this.marked = this.read().catch(() => marked);
    await this.marked.catch(() => undefined);
  }

  /** The position for an organization that the viewer sees. */
  async of(organizationId: string): Promise<number> {
    return (await this.marked)?.get(organizationId) ?? (await this.others.load(organizationId))?.head ?? 0;
  }

  private async read(): Promise<ReadonlyMap<string, number>> {
    const { reader, visibility } = this.context;
    const heads = visibility.userId === null ? [] : await eventHeadsOfPerson(reader, visibility.userId);
    return new Map(heads.map(({ id, head }) => [id, head]));
  }
}
