import type { Member } from "../../../entities/member";
import type { Organization } from "../../../entities/organization";
import type { UserView } from "./users";

/** An organization as its viewer sees it, with the viewer's own membership; null for a service. */
export interface OrganizationView
  extends Pick<Organization, "id" | "name" | "description" | "personalForId" | "createdAt" | "updatedAt"> {
  planCode: string;
  scheduledPlanCode: string | null;
  viewerMember: MemberView | null;
}

/** A member, with the person and the organization where the statement joined them. */
export interface MemberView extends Member {
  user?: UserView;
  organization?: OrganizationView;
}
