import { commands } from "../../src/commands";
import type { DecisionInput } from "../../src/commands/access-review/decide-access-review";
import type { Actor, TestOrganization, World } from "./world";

/** A row of access_review or access_review_item. */
type Row = Record<string, unknown> & { id: string };

/** A stored review. */
export async function reviewOf(world: World, id: string): Promise<Row | undefined> {
  const [row] = await world.query<Row>("SELECT * FROM access_review WHERE id = $1", id);
  return row;
}

/** The stored items of a review, by position. */
export function itemsOf(world: World, reviewId: string) {
  return world.query<Row & { member_id: string }>(
    "SELECT * FROM access_review_item WHERE review_id = $1 ORDER BY position",
    reviewId,
  );
}

/** An open review of an organization, for tests about decisions. */
export class OpenReview {
  private constructor(
    readonly organization: TestOrganization,
    readonly id: string,
    private readonly itemIds: ReadonlyMap<string, string>,
  ) {}

  /** Starts a review of all members, due in 30 days. */
  static async start(organization: TestOrganization, by: Actor = organization.owner): Promise<OpenReview> {
    const { id: organizationId, world } = organization;
    const dueAt = new Date(world.clock.now().getTime() + 30 * 24 * 60 * 60 * 1000);
    const { reviewId } = await by.run(commands.startAccessReview, { organizationId, name: "Q1", dueAt });
    const items = await itemsOf(world, reviewId);
    return new OpenReview(organization, reviewId, new Map(items.map(({ id, member_id }) => [member_id, id])));
  }

  get key() {
    return { organizationId: this.organization.id, reviewId: this.id };
  }

  /** The id of a member's item. */
  itemOf({ memberId }: { memberId: string }): string {
    return this.itemIds.get(memberId) ?? "";
  }

  /** Decides on one member. */
  decide(by: Actor, member: { memberId: string }, decision: Omit<DecisionInput, "itemId">) {
    const decisions = [{ itemId: this.itemOf(member), ...decision }];
    return by.run(commands.decideAccessReview, { ...this.key, decisions });
  }

  complete(by: Actor, undecided: "KEEP" | "REMOVE" | "CHANGE" | null = null) {
    return by.run(commands.completeAccessReview, { ...this.key, undecided });
  }

  /** The outcome of a member's item. */
  async outcomeOf(member: { memberId: string }): Promise<unknown> {
    const id = this.itemOf(member);
    return (await itemsOf(this.organization.world, this.id)).find((item) => item.id === id)?.outcome;
  }
}
