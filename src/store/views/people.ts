import type { Member } from "../../../entities/member";
import type { Organization } from "../../../entities/organization";
import type { UserView } from "./users";

/** An organization as its viewer sees it. The viewer's own membership rides along with it. */
export interface OrganizationView
  extends Pick<Organization, "id" | "name" | "description" | "personalForId" | "createdAt" | "updatedAt"> {
  planCode: string;
  scheduledPlanCode: string | null;
  viewerMember: MemberView | null;
}

/** A member; the person and the organization ride along where the statement joined them. */
export interface MemberView extends Member {
  user?: UserView;
  organization?: OrganizationView;
}

/** A member as services see them: addresses are for people of a common organization. */
export function withoutAddress(member: MemberView): MemberView {
  return member.user ? { ...member, user: { ...member.user, email: null } } : member;
}
