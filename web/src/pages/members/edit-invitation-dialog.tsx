import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import {
  MembersEditInvitationDocument,
  MembersRolesDocument,
  type OrganizationRole,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { AccessGrid } from "../access/access-grid";
import { type Choice, type Choices, toGrants, withEdits } from "../access/choices";
import { RoleCards } from "../invite/role-cards";
import type { InvitationRow } from "./types";

const t = membersPage;

/** Changes the role and the workspaces of a pending invitation. Its link stays valid. */
export function EditInvitationDialog({ invitation, onClose }: { invitation: InvitationRow; onClose(): void }) {
  const { organization } = useOrganization();
  const { data } = useQuery(MembersRolesDocument);
  const { send, problem, isSending } = useCommand(MembersEditInvitationDocument);
  const [role, setRole] = useState<OrganizationRole>(invitation.role);
  const [choices, setChoices] = useState(() => choicesOf(invitation));
  const inherited = data?.roles.find((each) => each.role === role)?.workspaceRole;
  const edit = (workspaceId: string, choice: Choice | null) =>
    setChoices((before) => withEdits(before, new Map([[workspaceId, choice]])));
  const save = async () => {
    const workspaces = role === "ADMIN" ? [] : toGrants(choices);
    const input = { organizationId: organization.id, invitationId: invitation.id, role, workspaces };
    if (!(await send({ input }))) return;
    toast(t.saved(invitation.email));
    onClose();
  };
  return (
    <Dialog title={t.edit(invitation.email)} isOpen isWide onClose={onClose}>
      <p className="dim">{t.editText}</p>
      <RoleCards roles={data?.roles ?? []} value={role} onChange={setRole} />
      {role !== "ADMIN" && inherited && (
        <AccessGrid organizationId={organization.id} choices={choices} inherited={inherited} onChange={edit} />
      )}
      <Problem problem={problem} />
      <div className="actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button variant="main" isPending={isSending} onPress={() => void save()}>
          {t.save}
        </Button>
      </div>
    </Dialog>
  );
}

function choicesOf({ workspaceGrants }: InvitationRow): Choices {
  return new Map(
    workspaceGrants.map(({ workspaceId, roleOverride, expiresAt }) => [
      workspaceId,
      { roleOverride: roleOverride ?? null, expiresAt: expiresAt ?? null },
    ]),
  );
}
