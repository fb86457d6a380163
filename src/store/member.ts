import { Member } from "../../entities/member";
import type { SubscriptionStatus } from "../domain/plan";
import type { OrganizationRole } from "../domain/role";
import { noteMember } from "./directories";
import type { Reader, Statement } from "./engine/statement";
import { insertRows, type Transaction } from "./engine/transaction";

/** A membership for commands. */
export interface Membership {
  id: string;
  userId: string;
  userName: string;
  role: OrganizationRole;
}

/** The actor's membership, with the organization's plan. */
export interface ActorMembership extends Membership {
  planCode: string;
  scheduledPlanCode: string | null;
  /** Null while unverified, because the payment provider sends mail to it. */
  userEmail: string | null;
  subscriptionStatus: SubscriptionStatus;
}

const ACTOR: Statement = {
  name: "actor-membership",
  text: `
    SELECT m.id, m.user_id AS "userId", u.name AS "userName", m.role, s.plan_code AS "planCode",
      s.scheduled_plan_code AS "scheduledPlanCode", s.status AS "subscriptionStatus",
      CASE WHEN u.email_verified THEN u.email END AS "userEmail"
    FROM member m
    JOIN user_account u ON u.id = m.user_id
    JOIN organization_subscription s ON s.organization_id = m.organization_id
    WHERE m.organization_id = $1 AND m.user_id = $2`,
};

/** A person's membership in an organization; undefined if they are not a member. */
export async function actorMembership(reader: Reader, organizationId: string, userId: string) {
  const [membership] = await reader.rows<ActorMembership>(ACTOR, [organizationId, userId]);
  return membership;
}

const MEMBER: Statement = {
  name: "member-of-organization",
  text: `
    SELECT m.id, m.user_id AS "userId", u.name AS "userName", m.role
    FROM member m JOIN user_account u ON u.id = m.user_id
    WHERE m.organization_id = $1 AND m.id = $2`,
};

/** A member of the organization by id. */
export async function findMember(reader: Reader, organizationId: string, id: string): Promise<Membership | undefined> {
  const [member] = await reader.rows<Membership>(MEMBER, [organizationId, id]);
  return member;
}

export async function insertMember(transaction: Transaction, member: Member): Promise<void> {
  await noteMember(transaction, member);
  await insertRows(transaction, Member, [member]);
}

/** Changes a member's role. Assignments stay: they apply again if an Admin becomes Developer or Viewer. */
export async function updateRole(
  { manager }: Transaction,
  organizationId: string,
  id: string,
  role: OrganizationRole,
): Promise<void> {
  await manager.update(Member, { organizationId, id }, { role });
}

// One statement for many members, e.g. of an access review.
const UPDATE_ROLES: Statement = {
  name: "update-roles",
  text: `
    UPDATE member m SET role = r.role FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, role text)
    WHERE m.organization_id = $1 AND m.id = r.id`,
};

/** Changes the roles of members of an organization. */
export async function updateRoles(
  reader: Reader,
  organizationId: string,
  roles: ReadonlyArray<{ id: string; role: OrganizationRole }>,
): Promise<void> {
  await reader.rows(UPDATE_ROLES, [organizationId, JSON.stringify(roles)]);
}

// The foreign key would delete the assignments member by member, and update the counters each time.
const DELETE_MEMBERS: Statement = {
  name: "delete-members",
  text: `
    WITH assignments AS (
      DELETE FROM workspace_assignment WHERE organization_id = $1 AND member_id = ANY ($2::uuid[])
    )
    DELETE FROM member WHERE organization_id = $1 AND id = ANY ($2::uuid[])`,
};

/** Deletes members of an organization, with their workspace assignments. */
export async function deleteMembers(reader: Reader, organizationId: string, ids: readonly string[]): Promise<void> {
  await reader.rows(DELETE_MEMBERS, [organizationId, ids]);
}

/** Deletes a member. The foreign key deletes their workspace assignments. */
export async function deleteMember({ manager }: Transaction, organizationId: string, id: string): Promise<void> {
  await manager.delete(Member, { organizationId, id });
}
