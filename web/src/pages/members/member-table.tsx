import { useMutation } from "@apollo/client/react";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import {
  type MemberRowFragment,
  type MembersQuery,
  type OrganizationRole,
  RemoveMemberDocument,
  SetRoleDocument,
} from "../../graph/generated/graphql";
import { Button, IconButton } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { RoleSelect } from "../../parts/role-select";
import { texts } from "../../texts/en";
import styles from "./members.module.css";

type Organization = NonNullable<MembersQuery["organization"]>;

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export function MemberTable({ organization }: { organization: Organization }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [removing, setRemoving] = useState<MemberRowFragment | null>(null);
  const [changeRole] = useMutation(SetRoleDocument, { errorPolicy: "all" });
  const setRole = async (memberId: string, role: OrganizationRole) => {
    const input = { organizationId: organization.id, memberId, role };
    const { data, error } = await changeRole({ variables: { input } });
    const result = data?.changeMemberRole;
    setProblem(result?.__typename === "Refusal" ? result.message : (error?.message ?? null));
  };
  return (
    <>
      {problem && (
        <p role="alert" className="notice">
          {problem}
        </p>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{texts.person}</th>
            <th>{texts.role}</th>
            <th>{texts.joined}</th>
            <th>{texts.actions}</th>
          </tr>
        </thead>
        <tbody>
          {organization.members.edges.map(({ node }) => (
            <tr key={node.id}>
              <td>
                <strong>{node.user.name}</strong>
                {node.id === organization.viewerMember?.id && <span className="dim"> ({texts.you})</span>}
                <div className="dim">{node.user.email}</div>
              </td>
              <td>
                <RoleSelect
                  label={texts.roleOf(node.user.name)}
                  value={node.role}
                  options={node.roleOptions}
                  onChange={(role) => void setRole(node.id, role)}
                />
              </td>
              <td>{DATE.format(new Date(node.joinedAt))}</td>
              <td>
                <IconButton
                  label={texts.removeMember(node.user.name)}
                  refusal={node.removalRefusal}
                  onPress={() => setRemoving(node)}
                >
                  <Trash2 size={18} aria-hidden />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removing && <RemoveDialog organization={organization} member={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

interface RemoveProps {
  organization: Organization;
  member: MemberRowFragment;
  onClose(): void;
}

function RemoveDialog({ organization, member, onClose }: RemoveProps) {
  const [remove, { loading }] = useMutation(RemoveMemberDocument, { errorPolicy: "all" });
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async () => {
    const input = { organizationId: organization.id, memberId: member.id };
    const { data, error } = await remove({ variables: { input } });
    const result = data?.removeMember;
    if (result?.__typename === "RemoveMemberSuccess") return onClose();
    setProblem(result?.message ?? error?.message ?? null);
  };
  return (
    <Dialog title={texts.removeQuestion(member.user.name, organization.name)} isOpen onClose={onClose}>
      <p>{texts.removeConsequence(member.workspaceAccess.map(({ workspace }) => workspace.name))}</p>
      {problem && <p role="alert">{problem}</p>}
      <div className={styles.actions}>
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button variant="danger" onPress={() => void submit()} isPending={loading}>
          {texts.remove}
        </Button>
      </div>
    </Dialog>
  );
}
