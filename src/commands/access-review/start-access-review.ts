import { v7 as newId } from "uuid";
import {
  ACCESS_REVIEW_NAME_LIMIT,
  assertDueLater,
  assertReviewSize,
  remindersSkipped,
} from "../../domain/access-review";
import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { invalidInput, Refused } from "../../domain/refusal";
import type { OrganizationRole } from "../../domain/role";
import { parseName } from "../../domain/text";
import { countToReview, insertReview, openReviewId, type ReviewScope } from "../../store/access-review";
import { existingWorkspaces } from "../../store/workspace";
import { memberCommand } from "../runner/command";
import type { MemberUnitOfWork } from "../runner/unit-of-work";

export interface StartAccessReviewInput {
  organizationId: string;
  name: string;
  dueAt: Date;
  roles?: OrganizationRole[] | null;
  workspaceIds?: string[] | null;
}

/** Freezes who has which access, and opens a review. One is open at a time. */
export const startAccessReview = memberCommand<StartAccessReviewInput, { reviewId: string }>({
  permission: "REVIEW_ACCESS",
  run: async (unit, input) => {
    const { transaction, organization, membership, now, record } = unit;
    const name = parseName(input.name, ACCESS_REVIEW_NAME_LIMIT, "name");
    assertDueLater(input.dueAt, now);
    const scope = await parseScope(unit, input);
    if (await openReviewId(transaction, organization.id)) {
      const message = "Another review is open. Complete or cancel it first.";
      throw new Refused("REVIEW_OPEN_ALREADY", message);
    }
    const itemCount = await countToReview(transaction, organization.id, scope, now);
    assertReviewSize(itemCount);
    const id = newId();
    const { dueAt } = input;
    const review = {
      ...{ organizationId: organization.id, id, name, status: "OPEN" as const, startedAt: now, dueAt },
      ...{ startedById: membership.userId, completedAt: null, completedById: null },
      ...{ itemCount, decidedCount: 0, reminders: remindersSkipped(dueAt, now) },
    };
    await insertReview(transaction, review, scope);
    record({
      type: "access_review.started",
      subjectId: id,
      summary: `Access review “${name}” of ${itemCount} ${itemCount === 1 ? "member" : "members"} was started.`,
      data: { after: { name, dueAt: dueAt.toISOString(), ...scope, itemCount } },
    });
    return { reviewId: id };
  },
});

/**
 * Parses which members are reviewed. Throws NOT_FOUND for workspaces that do not exist; refuses INVALID_INPUT for empty
 * lists.
 */
async function parseScope(
  { transaction, organization }: MemberUnitOfWork,
  { roles, workspaceIds }: StartAccessReviewInput,
): Promise<ReviewScope> {
  if (roles?.length === 0) throw invalidInput("Name at least one role, or omit the field for all of them.", "roles");
  if (workspaceIds?.length === 0)
    throw invalidInput("Name at least one workspace, or omit the field for all of them.", "workspaceIds");
  const ids = workspaceIds ? [...new Set(workspaceIds.map((id) => id.toLowerCase()))] : null;
  if (ids) {
    if (!ids.every(isIdentifier)) throw notFound("workspace");
    const existing = await existingWorkspaces(transaction, organization.id, ids);
    if (existing.length < ids.length) throw notFound("workspace");
  }
  return { roles: roles ? [...new Set(roles)] : null, workspaceIds: ids };
}
