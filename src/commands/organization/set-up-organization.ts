import { v7 as newId } from "uuid";
import { Member } from "../../../entities/member";
import { FIRST_PLAN_CODE, periodEnd } from "../../domain/plan";
import { DEFAULT_WORKSPACE } from "../../domain/workspace";
import { insertMember } from "../../store/member";
import { insertOrganization } from "../../store/organization";
import type { UnitOfWork } from "../runner/unit-of-work";
import { uniqueName } from "../workspace/assert-name-is-free";

/**
 * Founds an organization: its row, its default workspace, a Starter subscription and its first Owner. Shared by
 * sign-up and `createOrganization`; records into the new organization's own log.
 */
export async function setUpOrganization(
  unit: UnitOfWork,
  founding: { name: string; description: string | null; ownerId: string; isPersonal: boolean },
): Promise<string> {
  const { transaction, now } = unit;
  const { name, description, ownerId, isPersonal } = founding;
  const organizationId = newId();
  const workspaceId = newId();
  const created = { createdAt: now, updatedAt: now, deletedAt: null };
  const personalForId = isPersonal ? ownerId : null;
  const foundedById = isPersonal ? null : ownerId;
  await insertOrganization(
    transaction,
    {
      id: organizationId,
      name,
      description,
      personalForId,
      foundedById,
      ...created,
      eventSequence: 0,
      eventHash: null,
    },
    {
      id: workspaceId,
      organizationId,
      ...DEFAULT_WORKSPACE,
      ...uniqueName(DEFAULT_WORKSPACE.name),
      description: null,
      isDefault: true,
      ...created,
    },
    firstSubscription(organizationId, now),
  );
  const member: Member = {
    id: newId(),
    organizationId,
    userId: ownerId,
    role: "OWNER",
    joinedAt: now,
    invitedById: null,
  };
  await insertMember(transaction, member);
  unit.startLog(organizationId);
  unit.record({
    type: "organization.created",
    subjectId: organizationId,
    summary: `Organization “${name}” was created.`,
    data: { after: { name, description, isPersonal } },
  });
  unit.record({
    type: "member.joined",
    subjectId: member.id,
    summary: "The founder joined as Owner.",
    data: { userId: ownerId, after: { role: "OWNER" } },
  });
  unit.record({
    type: "workspace.created",
    subjectId: workspaceId,
    workspaceId,
    summary: `The default workspace “${DEFAULT_WORKSPACE.name}” was created.`,
    data: { after: DEFAULT_WORKSPACE },
  });
  return organizationId;
}

function firstSubscription(organizationId: string, now: Date) {
  return {
    id: newId(),
    organizationId,
    planCode: FIRST_PLAN_CODE,
    status: "ACTIVE",
    billingInterval: "MONTHLY",
    startedAt: now,
    currentPeriodStart: now,
    currentPeriodEnd: periodEnd(now, "MONTHLY", now),
    scheduledPlanCode: null,
    scheduledInterval: null,
    providerCustomerId: null,
    providerSubscriptionId: null,
    providerReadAt: null,
    syncPending: false,
    syncRevision: 0,
    paymentMethod: null,
  } as const;
}
