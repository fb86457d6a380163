import { Field, InputType } from "type-graphql";
import * as accessReview from "./access-review";
import * as byok from "./byok";
import * as invitation from "./invitation";
import * as member from "./member";
import * as organization from "./organization";
import * as subscription from "./subscription";
import * as workspace from "./workspace";

@InputType({ description: "A mutation to try. Give exactly one member, with the mutation's input." })
export class DryRunInput {
  @Field(() => organization.UpdateOrganizationInput, { nullable: true, description: "To try updateOrganization." })
  updateOrganization?: organization.UpdateOrganizationInput | null;

  @Field(() => organization.TransferOwnershipInput, { nullable: true, description: "To try transferOwnership." })
  transferOwnership?: organization.TransferOwnershipInput | null;

  @Field(() => organization.LeaveOrganizationInput, { nullable: true, description: "To try leaveOrganization." })
  leaveOrganization?: organization.LeaveOrganizationInput | null;

  @Field(() => organization.DeleteOrganizationInput, { nullable: true, description: "To try deleteOrganization." })
  deleteOrganization?: organization.DeleteOrganizationInput | null;

  @Field(() => invitation.InviteMembersInput, { nullable: true, description: "To try inviteMembers." })
  inviteMembers?: invitation.InviteMembersInput | null;

  @Field(() => invitation.CancelInvitationInput, { nullable: true, description: "To try cancelInvitation." })
  cancelInvitation?: invitation.CancelInvitationInput | null;

  @Field(() => invitation.UpdateInvitationInput, { nullable: true, description: "To try updateInvitation." })
  updateInvitation?: invitation.UpdateInvitationInput | null;

  @Field(() => member.ChangeMemberRoleInput, { nullable: true, description: "To try changeMemberRole." })
  changeMemberRole?: member.ChangeMemberRoleInput | null;

  @Field(() => member.RemoveMemberInput, { nullable: true, description: "To try removeMember." })
  removeMember?: member.RemoveMemberInput | null;

  @Field(() => workspace.SetWorkspaceAccessInput, { nullable: true, description: "To try setWorkspaceAccess." })
  setWorkspaceAccess?: workspace.SetWorkspaceAccessInput | null;

  @Field(() => workspace.GrantWorkspaceAccessInput, { nullable: true, description: "To try grantWorkspaceAccess." })
  grantWorkspaceAccess?: workspace.GrantWorkspaceAccessInput | null;

  @Field(() => workspace.RevokeWorkspaceAccessInput, { nullable: true, description: "To try revokeWorkspaceAccess." })
  revokeWorkspaceAccess?: workspace.RevokeWorkspaceAccessInput | null;

  @Field(() => workspace.CreateWorkspaceInput, { nullable: true, description: "To try createWorkspace." })
  createWorkspace?: workspace.CreateWorkspaceInput | null;

  @Field(() => workspace.DeleteWorkspaceInput, { nullable: true, description: "To try deleteWorkspace." })
  deleteWorkspace?: workspace.DeleteWorkspaceInput | null;

  @Field(() => subscription.ChangePlanInput, { nullable: true, description: "To try changePlan." })
  changePlan?: subscription.ChangePlanInput | null;

  @Field(() => byok.SetByokEnabledInput, { nullable: true, description: "To try setByokEnabled." })
  setByokEnabled?: byok.SetByokEnabledInput | null;

  @Field(() => byok.RemoveByokConfigInput, { nullable: true, description: "To try removeByokConfig." })
  removeByokConfig?: byok.RemoveByokConfigInput | null;

  @Field(() => accessReview.CompleteAccessReviewInput, { nullable: true, description: "To try completeAccessReview." })
  completeAccessReview?: accessReview.CompleteAccessReviewInput | null;
}
