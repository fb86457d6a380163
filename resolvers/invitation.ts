import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { User } from "../entities/user";
import { InvitationPreview, InvitingOrganization, WorkspaceGrant } from "../schema/invitation";
import { tokenHash } from "../src/commands/invitation/find-invitation";
import type { Context } from "../src/context";
import { maskEmailAddress } from "../src/domain/email-address";
import { refusalToAccept } from "../src/domain/invitation";
import { type InvitationPreviewView, type InvitationView, previewInvitation } from "../src/store/views/invitations";
import { refusalOf } from "./run-mutation";

@Resolver(() => Invitation)
export class InvitationResolver {
  @Query(() => InvitationPreview, {
    nullable: true,
    description: "Needs no sign-in: the token is the credential. Null for an unknown token.",
  })
  async invitation(@Arg("token", () => String) token: string, @Ctx() { services, viewer }: Context) {
    const now = services.clock.now();
    const viewerId = viewer.kind === "person" ? viewer.id : null;
    const found = await previewInvitation(services.database, now, tokenHash(token), viewerId);
    return found && show(found, viewer, now);
  }

  @FieldResolver(() => InvitingOrganization)
  organization(@Root() invitation: InvitationView) {
    return { id: invitation.organizationId, name: invitation.organizationName };
  }

  @FieldResolver(() => [WorkspaceGrant])
  workspaceGrants(@Root() invitation: InvitationView, @Ctx() { loaders }: Context) {
    return invitation.workspaceGrants ?? loaders.workspaceGrants.load(invitation.id);
  }

  @FieldResolver(() => User, { nullable: true })
  invitedBy(@Root() invitation: InvitationView, @Ctx() { loaders }: Context) {
    return invitation.invitedById && loaders.user.load(invitation.invitedById);
  }
}

function show(preview: InvitationPreviewView, viewer: Context["viewer"], now: Date) {
  // Their newest address counts, and not that of the token.
  const { viewerEmail: email, viewerEmailVerified: emailVerified } = preview;
  const invitee = viewer.kind === "person" ? { email, emailVerified } : null;
  const granted = { ...preview, hasWorkspaces: (preview.workspaceGrants ?? []).length > 0 };
  const refusal = refusalToAccept(granted, invitee, preview, now);
  return {
    ...preview,
    email: invitee?.email === preview.email ? preview.email : maskEmailAddress(preview.email),
    workspaceNames: (preview.workspaceGrants ?? []).map(({ workspaceName }) => workspaceName),
    refusal: refusal && refusalOf(refusal),
  };
}
