import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { DateTime } from "../entities/scalars";
import { User } from "../entities/user";
import { FieldPolicy } from "../schema/field-policy";
import { InvitationPreview, InvitingOrganization, WorkspaceGrant } from "../schema/invitation";
import { linkKey } from "../src/commands/invitation/link";
import type { Context } from "../src/context";
import { refusalToAccept } from "../src/domain/accepting";
import { maskEmailAddress } from "../src/domain/email-address";
import { DELIVERY_PROBLEMS, resendableAt } from "../src/domain/invitation";
import { type InvitationPreviewView, previewInvitation } from "../src/store/views/invitation-preview";
import { grantFromJson, type InvitationView } from "../src/store/views/invitations";
import { toRefusal } from "./run-mutation";

@Resolver(() => Invitation)
export class InvitationResolver {
  @FieldPolicy({ access: "anyone" })
  @Query(() => InvitationPreview, {
    nullable: true,
    description:
      "The invitation behind a link. Needs no sign-in, because the token is the credential. Null if the token is unknown.",
  })
  async invitation(
    @Arg("token", () => String, { description: "The secret in the invitation's link." }) token: string,
    @Ctx() { services, viewer }: Context,
  ) {
    const now = services.clock.now();
    const viewerId = viewer.kind === "person" ? viewer.id : null;
    const found = await previewInvitation(services.database, now, linkKey(token), viewerId);
    return found && toPreview(found, viewer, now);
  }

  @FieldResolver(() => InvitingOrganization, { description: "The organization that invites." })
  organization(@Root() invitation: InvitationView) {
    return { id: invitation.organizationId, name: invitation.organizationName };
  }

  @FieldPolicy({ listSize: 10 })
  @FieldResolver(() => [WorkspaceGrant], { description: "Workspaces that the invitee gets access to, oldest first." })
  async workspaceGrants(@Root() invitation: InvitationView, @Ctx() { loaders }: Context) {
    return (invitation.workspaceGrants ?? (await loaders.workspaceGrants.load(invitation.id))).map(grantFromJson);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      "When it can be sent again with resendInvitation, one minute after the latest e-mail. Null unless it is pending.",
  })
  resendableAt(@Root() invitation: InvitationView) {
    return resendableAt(invitation);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Why the latest e-mail could not be delivered and what to do, in English. Null if it was delivered or is underway, and " +
      "for viewers who do not manage the organization's invitations.",
  })
  deliveryProblem(@Root() { deliveryProblem }: InvitationView) {
    return deliveryProblem && DELIVERY_PROBLEMS[deliveryProblem];
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "Who sent the invitation. Null if the viewer cannot see that person.",
  })
  invitedBy(@Root() invitation: InvitationView, @Ctx() { loaders }: Context) {
    return invitation.invitedById && loaders.user.load(invitation.invitedById);
  }
}

function toPreview(preview: InvitationPreviewView, viewer: Context["viewer"], now: Date) {
  // The address in the database is newer than the one in the viewer's bearer token.
  const { viewerEmail: email, viewerEmailVerified: emailVerified } = preview;
  const invitee = viewer.kind === "person" ? { email, emailVerified } : null;
  const granted = { ...preview, hasWorkspaces: (preview.workspaceGrants ?? []).length > 0 };
  const refusal = refusalToAccept(granted, invitee, preview, now);
  return {
    ...preview,
    email: invitee?.email === preview.email ? preview.email : maskEmailAddress(preview.email),
    workspaceNames: (preview.workspaceGrants ?? []).map(({ workspaceName }) => workspaceName),
    refusal: refusal && toRefusal(refusal),
  };
}
