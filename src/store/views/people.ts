import type { Member } from "../../../entities/member";
import type { Organization } from "../../../entities/organization";
import type { SubscriptionStatus } from "../../domain/plan";
import type { UserView } from "./users";

/** An organization as its viewer sees it, with the viewer's own membership; null for a service. */
export interface OrganizationView
  extends Pick<Organization, "id" | "name" | "description" | "personalForId" | "createdAt" | "updatedAt"> {
  planCode: string;
  scheduledPlanCode: string | null;
  subscriptionStatus: SubscriptionStatus;
  /** How many Owners there are. Two stand for any larger number. */
  owners: number;
  viewerMember: MemberView | null;
}

/**
 * A member, with the person and the organization where the statement joined them. The name's key and the day on which they
 * were last seen are there for the cursors of lists that are sorted by them; see last-seen.ts for who may read the day.
 */
export interface MemberView extends Omit<Member, "lastSeenAt" | "nameKey" | "searchText"> {
  nameKey?: string;
  lastSeenAt?: Date | null;
  user?: UserView;
  organization?: OrganizationView;
}
