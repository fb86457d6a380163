import type { BilledState } from "../../domain/billing";
import { isSameRoom, roomOf, sentenceOf } from "../../domain/growth";
import { storedPlan } from "../../domain/plan";
import { byokConfigOf } from "../../store/byok";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

type Terms = Pick<BilledState, "planCode" | "scheduledPlanCode" | "status">;

/**
 * Records what a change of the subscription means for members who cannot see it: Admins see the limits, and everybody
 * sees the status of the own key, which depends on whether the plan includes BYOK.
 */
export async function recordPlanEffects(unit: OrganizationUnitOfWork, before: Terms, after: Terms): Promise<void> {
  const { transaction, organization, record } = unit;
  const [room, newRoom] = [roomOf(before), roomOf(after)];
  if (!isSameRoom(room, newRoom)) {
    record({
      type: "organization.limits_changed",
      subjectId: organization.id,
      summary: sentenceOf(newRoom),
      data: { before: room, after: newRoom },
    });
  }
  const isIncluded = storedPlan(after.planCode).byok;
  if (isIncluded === storedPlan(before.planCode).byok) return;
  if (!(await byokConfigOf(transaction, organization.id))) return;
  record({
    type: isIncluded ? "byok.included" : "byok.excluded",
    subjectId: organization.id,
    summary: `The plan ${isIncluded ? "includes" : "no longer includes"} BYOK, so the organization's own key ${isIncluded ? "can be used again" : "is not used"}.`,
  });
}
