import { CalendarClock, Trash2 } from "lucide-react";
import { useState } from "react";
import { WorkspaceGrantDocument, WorkspaceRevokeDocument, type WorkspaceRole } from "../../graph/generated/graphql";
import { IconButton } from "../../parts/button";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import { Problem } from "../../parts/problem";
import { RoleBadge } from "../../parts/role-badge";
import { Select } from "../../parts/select";
import table from "../../parts/table.module.css";
import { TimeAgo } from "../../parts/time";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { workspacePage } from "../../texts/en/workspace";
import { EndDialog } from "./end-dialog";
import { INHERIT, type RoleChoice, roleChoices } from "./grants";
import type { Access } from "./people";
import type { Workspace } from "./workspace";
import styles from "./workspace.module.css";

const page = workspacePage;

interface Props {
  workspace: Workspace;
  people: readonly Access[];
}

export function PeopleTable({ workspace, people }: Props) {
  const [removing, setRemoving] = useState<Access | null>(null);
  const [ending, setEnding] = useState<Access | null>(null);
  const grant = useCommand(WorkspaceGrantDocument);
  const key = { organizationId: workspace.organization.id, workspaceId: workspace.id };
  const variablesFor = (access: Access, roleOverride: WorkspaceRole | null, expiresAt: string | null) => ({
    input: { ...key, memberId: access.member.id, roleOverride, expiresAt },
  });
  const change = async (access: Access, choice: RoleChoice) => {
    const { roleOverride = null, expiresAt = null, member } = access;
    if (!(await grant.send(variablesFor(access, choice === INHERIT ? null : choice, expiresAt)))) return;
    const undo = () => grant.attempt(variablesFor(access, roleOverride, expiresAt));
    toast(page.changed(member.user.name), async () => (await undo()).problem);
  };
  return (
    <>
      <Problem problem={grant.problem} />
      <div className={table.frame}>
        <table className={table.table} aria-label={page.people}>
          <thead>
            <tr>
              <th>{page.person}</th>
              <th>{page.organizationRole}</th>
              <th>{page.workspaceRole}</th>
              <th>{page.ends}</th>
              <th>{page.actions}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((access) => (
              <Row
                key={access.member.id}
                access={access}
                onRole={(choice) => void change(access, choice)}
                onEnd={() => setEnding(access)}
                onRemove={() => setRemoving(access)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {removing && <RemoveDialog workspace={workspace} access={removing} onClose={() => setRemoving(null)} />}
      {ending && (
        <EndDialog
          workspace={workspace}
          opened={ending}
          current={people.find(({ member }) => member.id === ending.member.id) ?? null}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  );
}

interface RowProps {
  access: Access;
  onRole(choice: RoleChoice): void;
  onEnd(): void;
  onRemove(): void;
}

function Row({ access, onRole, onEnd, onRemove }: RowProps) {
  const { member, role, source, roleOverride, expiresAt, changeRefusal } = access;
  const { name, email } = member.user;
  return (
    <tr>
      <td>
        <div className={styles.person}>
          <strong dir="auto">{name}</strong>
          <div className="dim">{email}</div>
        </div>
      </td>
      <td data-label={page.organizationRole}>
        <RoleBadge role={member.role} />
      </td>
      <td data-label={page.workspaceRole}>
        <div>
          {source === "ORGANIZATION_ROLE" ? (
            <span>{page.roles[role]}</span>
          ) : (
            <Select
              label={page.roleOf(name)}
              value={roleOverride ?? INHERIT}
              options={roleChoices(member.role)}
              refusal={changeRefusal ?? null}
              onChange={onRole}
            />
          )}
          <div className={styles.source}>{page.sources[source]}</div>
        </div>
      </td>
      <td data-label={page.ends}>{expiresAt ? <TimeAgo at={expiresAt} /> : <span className="dim">–</span>}</td>
      <td>
        <div className={styles.rowActions}>
          <IconButton label={page.setEnd(name)} refusal={changeRefusal ?? null} onPress={onEnd}>
            <CalendarClock size={18} aria-hidden />
          </IconButton>
          <IconButton label={page.remove(name)} refusal={changeRefusal ?? null} onPress={onRemove}>
            <Trash2 size={18} aria-hidden />
          </IconButton>
        </div>
      </td>
    </tr>
  );
}

interface RemoveProps {
  workspace: Workspace;
  access: Access;
  onClose(): void;
}

function RemoveDialog({ workspace, access, onClose }: RemoveProps) {
  const revoke = useCommand(WorkspaceRevokeDocument);
  const grant = useCommand(WorkspaceGrantDocument);
  const close = useWhileShown(onClose);
  const { member, roleOverride = null, expiresAt = null } = access;
  const { name } = member.user;
  const input = { organizationId: workspace.organization.id, workspaceId: workspace.id, memberId: member.id };
  const remove = async () => {
    if (!(await revoke.send({ input }))) return;
    close();
    const undo = () => grant.attempt({ input: { ...input, roleOverride, expiresAt } });
    toast(page.removed(name), async () => (await undo()).problem);
  };
  return (
    <ConfirmDialog
      title={page.removeTitle(name, workspace.name)}
      confirm={page.removeButton}
      mutation={{ revokeWorkspaceAccess: input }}
      problem={revoke.problem}
      isSending={revoke.isSending}
      isDangerous
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p className={styles.text}>{page.removeText}</p>
    </ConfirmDialog>
  );
}
