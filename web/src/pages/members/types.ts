import type {
  MembersInvitationFragment,
  MembersRolesQuery,
  MembersRowFragment,
  MembersSummaryQuery,
} from "../../graph/generated/graphql";

export type Summary = NonNullable<MembersSummaryQuery["organization"]>;
export type MemberRow = MembersRowFragment;
export type InvitationRow = MembersInvitationFragment;
export type RoleDescription = MembersRolesQuery["roles"][number];
