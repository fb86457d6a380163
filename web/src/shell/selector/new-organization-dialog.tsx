import { useApolloClient } from "@apollo/client/react";
import { type NavigateOptions, useNavigate } from "@tanstack/react-router";
import { NewOrganizationDocument, ViewerDocument } from "../../graph/generated/graphql";
import { CreateDialog, type Created } from "../../parts/create-dialog";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { texts } from "../../texts/en";
import { organizationsPage } from "../../texts/en/organizations";
import { addMembership } from "../apply-viewer-events";

/** Creates an organization and opens its members, so that people can be invited. */
export function NewOrganizationDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const { cache } = useApolloClient();
  const { send, problem, isSending } = useCommand(NewOrganizationDocument);
  const open = useWhileShown((place: NavigateOptions) => {
    onClose();
    return navigate(place);
  });
  const create = async (created: Created) => {
    const result = await send({ input: created });
    if (!result) return;
    const { id: organizationId, viewerMember } = result.organization;
    const viewer = cache.readQuery({ query: ViewerDocument })?.viewer;
    if (viewer && viewerMember) addMembership(cache, viewer.id, viewerMember.id);
    open({ to: "/organizations/$organizationId/members", params: { organizationId } });
  };
  return (
    <CreateDialog
      title={texts.newOrganization}
      nameHint={organizationsPage.nameHint}
      descriptionHint={organizationsPage.descriptionHint}
      problem={problem}
      isSending={isSending}
      onCreate={(created) => void create(created)}
      onClose={onClose}
    />
  );
}
