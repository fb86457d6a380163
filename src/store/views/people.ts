import type { Member } from "../../../entities/member";
import type { Organization } from "../../../entities/organization";
import type { SubscriptionStatus } from "../../domain/plan";
import type { UserView } from "./users";

/** An organization with the viewer's own membership, which is null for a service. */
export interface OrganizationView
  extends Pick<Organization, "id" | "name" | "description" | "personalForId" | "createdAt" | "updatedAt"> {
  planCode: string;
  scheduledPlanCode: string | null;
  subscriptionStatus: SubscriptionStatus;
  /** The number of Owners. Two stands for any larger number. */
  owners: number;
  viewerMember: MemberView | null;
}

/**
 * A member, with the person and the organization if the statement joined them. The cursors of sorted lists need the
 * name's key and the day on which the member was last seen; see last-seen.ts for who may read that day.
 */
export interface MemberView extends Omit<Member, "lastSeenAt" | "nameKey" | "searchText"> {
  nameKey?: string;
  lastSeenAt?: Date | null;
  user?: UserView;
  organization?: OrganizationView;
}
