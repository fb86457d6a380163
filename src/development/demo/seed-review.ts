import { commands } from "../../commands";
import { runCommand } from "../../commands/runner/run";
import type { Services } from "../../commands/runner/unit-of-work";
import type { Person } from "../../domain/viewer";
import type { Statement } from "../../store/engine/statement";

const DAY_MS = 24 * 60 * 60 * 1000;

const ITEMS: Statement = {
  name: "demo-review-items",
  text: `SELECT id FROM access_review_item WHERE organization_id = $1 AND review_id = $2 AND user_id <> $3
    ORDER BY position`,
};

/** Creates an open review of everybody's access. The founder has decided half of the items. */
export async function seedReview(services: Services, founder: Person, organizationId: string): Promise<void> {
  const dueAt = new Date(services.clock.now().getTime() + 12 * DAY_MS);
  const review = { organizationId, name: "Quarterly access review", dueAt };
  const { reviewId } = await runCommand(services, founder, commands.startAccessReview, review);
  const rows = await services.database.rows<{ id: string }>(ITEMS, [organizationId, reviewId, founder.id]);
  const half = rows.slice(0, Math.ceil(rows.length / 2));
  const decisions = half.map(({ id: itemId }, index) =>
    index === half.length - 1
      ? { itemId, decision: "REMOVE" as const, note: "Has changed teams." }
      : { itemId, decision: "KEEP" as const },
  );
  await runCommand(services, founder, commands.decideAccessReview, { organizationId, reviewId, decisions });
}
