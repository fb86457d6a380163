import { v7 as newId } from "uuid";
import { Member } from "../../../entities/member";
import { dayOf } from "../../domain/last-seen";
import { FIRST_PLAN_CODE, periodEnd } from "../../domain/plan";
import { DEFAULT_WORKSPACE } from "../../domain/workspace";
import { insertMember } from "../../store/member";
import { insertOrganization } from "../../store/organization";
import { setPersonalOrganization } from "../../store/user";
import type { UnitOfWork } from "../runner/unit-of-work";
import { uniqueName } from "../workspace/assert-name-is-free";

interface OrganizationSettings {
  name: string;
  description: string | null;
  ownerId: string;
  isPersonal: boolean;
}

/**
 * Creates an organization with its default workspace, a Starter subscription and its first Owner, for sign-up and
 * `createOrganization`. Starts the organization's log. Returns its id.
 */
export async function setUpOrganization(unit: UnitOfWork, settings: OrganizationSettings): Promise<string> {
  const { transaction, now, actor } = unit;
  const { name, description, ownerId, isPersonal } = settings;
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
  if (isPersonal) await setPersonalOrganization(transaction, ownerId, organizationId);
  const member: Member = {
    id: newId(),
    organizationId,
    userId: ownerId,
    role: "OWNER",
    joinedAt: now,
    invitedById: null,
    // A service that provisions a person says nothing about their use of the platform.
    lastSeenAt: actor.kind === "person" && actor.id === ownerId ? dayOf(now) : null,
  };
  await insertMember(transaction, member);
  unit.startLog(organizationId);
  recordSetUp(unit, settings, { organizationId, memberId: member.id, workspaceId });
  return organizationId;
}

function recordSetUp(
  { record }: UnitOfWork,
  { name, description, ownerId, isPersonal }: OrganizationSettings,
  { organizationId, memberId, workspaceId }: { organizationId: string; memberId: string; workspaceId: string },
): void {
  record({
    type: "organization.created",
    subjectId: organizationId,
    summary: `Organization “${name}” was created.`,
    data: { after: { name, description, isPersonal } },
  });
  record({
    type: "member.joined",
    subjectId: memberId,
    summary: "The founder joined as Owner.",
    data: { userId: ownerId, after: { role: "OWNER" } },
  });
  record({
    type: "workspace.created",
    subjectId: workspaceId,
    workspaceId,
    summary: `The default workspace “${DEFAULT_WORKSPACE.name}” was created.`,
    data: { after: DEFAULT_WORKSPACE },
  });
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
