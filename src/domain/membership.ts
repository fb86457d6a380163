import { invalidInput, Refused } from "./refusal";
import { type OrganizationRole, ROLE_NAMES } from "./role";

/** Only an Owner grants the role Owner or changes an Owner (product rule, Roles). Refuses ROLE_TOO_HIGH. */
export function assertRoleWithinReach(actorRole: OrganizationRole, ...touched: OrganizationRole[]): void {
  if (actorRole !== "OWNER" && touched.includes("OWNER")) {
    throw new Refused(
      "ROLE_TOO_HIGH",
      `Only an Owner may change an Owner or grant that role, and you are ${ROLE_NAMES[actorRole]}. Ask an Owner to do it.`,
    );
  }
}

/** At least one Owner always remains (product rule, Roles). `owners` is the count before the change. Refuses LAST_OWNER. */
export function assertAnOwnerRemains(before: OrganizationRole, after: OrganizationRole | null, owners: number): void {
  if (before === "OWNER" && after !== "OWNER" && owners <= 1) {
    throw new Refused(
      "LAST_OWNER",
      "An organization needs at least one Owner, and this is the last one. Make another member Owner first.",
    );
  }
}

/** The member whose role or membership changes, and the actor who changes it. */
export interface MemberChange {
  actor: { id: string; role: OrganizationRole };
  member: { id: string; role: OrganizationRole };
  /** The number of Owners before the change. Two stand for any larger number. */
  owners: number;
}

/** Whether the actor may give the member a role. Refuses ROLE_TOO_HIGH and LAST_OWNER. */
export function assertRoleChange({ actor, member, owners }: MemberChange, role: OrganizationRole): void {
  assertRoleWithinReach(actor.role, member.role, role);
  assertAnOwnerRemains(member.role, role, owners);
}

/** Whether the actor may remove the member; nobody removes themself. Refuses ROLE_TOO_HIGH, LAST_OWNER, INVALID_INPUT. */
export function assertRemoval({ actor, member, owners }: MemberChange): void {
  assertRoleWithinReach(actor.role, member.role);
  assertAnOwnerRemains(member.role, null, owners);
  if (member.id === actor.id) {
    throw invalidInput("You cannot remove yourself. Leave the organization instead.", "memberId");
  }
}

/** Owners and Admins reach every workspace; that cannot be overridden (product rule, Roles). Refuses IMPLICIT_ACCESS. */
export function assertAccessIsExplicit(role: OrganizationRole): void {
  if (role === "OWNER" || role === "ADMIN") {
    throw new Refused(
      "IMPLICIT_ACCESS",
      `This member is ${ROLE_NAMES[role]} and therefore Admin of every workspace. Change their organization role first.`,
    );
  }
}
