import { useFragment, useQuery } from "@apollo/client/react";
import { useState } from "react";
import {
  MembersEditInvitationDocument,
  MembersInvitationFragmentDoc,
  MembersRolesDocument,
  type OrganizationRole,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { AccessGrid } from "../access/access-grid";
import { areSame, type Choice, type Choices, type Edits, toGrants, withEdits } from "../access/choices";
import { RoleCards } from "../invite/role-cards";
import styles from "./members.module.css";
import type { InvitationRow } from "./types";

const t = membersPage;

interface Props {
  /** The invitation as it was when the dialog was opened. */
  invitation: InvitationRow;
  onClose(): void;
}

/**
 * Changes the role and the workspaces of a pending invitation. Its link stays valid. Changes that others make at the
 * same time are merged and named.
 */
export function EditInvitationDialog({ invitation, onClose }: Props) {
  const { organization } = useOrganization();
  const { data, error, refetch } = useQuery(MembersRolesDocument);
  const { send, problem, isSending } = useCommand(MembersEditInvitationDocument);
  const { role, choices, notice, setRole, edit } = useEdits(invitation);
  const close = useWhileShown(onClose);
  const inherited = data?.roles.find((each) => each.role === role)?.workspaceRole;
  const save = async () => {
    const workspaces = role === "ADMIN" ? [] : toGrants(choices);
    const input = { organizationId: organization.id, invitationId: invitation.id, role, workspaces };
    if (!(await send({ input }))) return;
    toast(t.saved(invitation.email));
    close();
  };
  return (
    <Dialog title={t.edit(invitation.email)} isOpen isWide onClose={onClose}>
      <p className="dim">{t.editText}</p>
      {notice && (
        <p role="status" className={styles.merged}>
          {notice}
        </p>
      )}
      {error && <Failed error={error} onRetry={() => refetch()} />}
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

/** The person's changes on top of the invitation as it is now. */
function useEdits(opened: InvitationRow) {
  const from = { __typename: "Invitation", id: opened.id };
  const known = useFragment({ fragment: MembersInvitationFragmentDoc, fragmentName: "MembersInvitation", from });
  const now = known.complete ? known.data : opened;
  const base = choicesOf(now);
  const [role, setRole] = useState<OrganizationRole | null>(null);
  const [edits, setEdits] = useState<Edits>(new Map());
  const isMerged = now.role !== opened.role || !areSame(base, choicesOf(opened));
  return {
    role: role ?? now.role,
    choices: withEdits(base, edits),
    notice: now.status === "PENDING" ? isMerged && t.merged : t.notPending(texts.statuses[now.status]),
    setRole,
    edit: (workspaceId: string, choice: Choice | null) =>
      setEdits((before) => new Map(before).set(workspaceId, choice)),
  };
}

function choicesOf({ workspaceGrants }: InvitationRow): Choices {
  return new Map(
    workspaceGrants.map(({ workspaceId, roleOverride, expiresAt }) => [
      workspaceId,
      { roleOverride: roleOverride ?? null, expiresAt: expiresAt ?? null },
    ]),
  );
}
