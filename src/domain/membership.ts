import { Refused } from "./refusal";
import { type OrganizationRole, ROLE_NAMES } from "./role";

/** An Admin neither grants Owner nor touches an Owner. Refuses ROLE_TOO_HIGH. */
export function assertRoleWithinReach(actorRole: OrganizationRole, ...touched: OrganizationRole[]): void {
  if (actorRole !== "OWNER" && touched.includes("OWNER")) {
    throw new Refused(
      "ROLE_TOO_HIGH",
      `Only an Owner may do this to or with the role Owner; you are ${ROLE_NAMES[actorRole]}.`,
    );
  }
}

/** At least one Owner always remains. `owners` counts them before the change. Refuses LAST_OWNER. */
export function assertAnOwnerRemains(before: OrganizationRole, after: OrganizationRole | null, owners: number): void {
  if (before === "OWNER" && after !== "OWNER" && owners <= 1) {
    throw new Refused(
      "LAST_OWNER",
      "An organization always has an Owner, and this is the last one. Make another member Owner first.",
    );
  }
}

/** Access of Owners and Admins is implicit and cannot be edited. Refuses IMPLICIT_ACCESS. */
export function assertAccessIsExplicit(role: OrganizationRole): void {
  if (role === "OWNER" || role === "ADMIN") {
    throw new Refused(
      "IMPLICIT_ACCESS",
      `This member is ${ROLE_NAMES[role]} and as such an Admin of every workspace; that cannot be edited.`,
    );
  }
}
