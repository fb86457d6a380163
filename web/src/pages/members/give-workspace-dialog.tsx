import { type FormEvent, useState } from "react";
import type { WorkspaceRole } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import type { Choice } from "../../parts/picker";
import { Select } from "../../parts/select";
import { WorkspacePicker } from "../../parts/workspace-picker";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { BulkChange } from "./use-bulk";

const t = membersPage;
const INHERITED = "INHERITED";
const ROLES: readonly WorkspaceRole[] = ["ADMIN", "DEVELOPER", "VIEWER"];

interface Props {
  onChoose(change: BulkChange): void;
  onClose(): void;
}

/** Chooses the workspace that the selected members get, and their role in it. */
export function GiveWorkspaceDialog({ onChoose, onClose }: Props) {
  const { organization } = useOrganization();
  const [workspace, setWorkspace] = useState<Choice | null>(null);
  const [role, setRole] = useState<WorkspaceRole | typeof INHERITED>(INHERITED);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!workspace) return;
    onChoose({ is: "workspace", workspace, roleOverride: role === INHERITED ? null : role });
  };
  return (
    <Dialog title={t.giveWorkspace} isOpen onClose={onClose}>
      <p>{t.giveText}</p>
      <form className={styles.give} onSubmit={submit}>
        <WorkspacePicker
          organizationId={organization.id}
          label={texts.workspace}
          chosen={workspace}
          onChoose={setWorkspace}
        />
        <Select<WorkspaceRole | typeof INHERITED>
          label={t.giveRole}
          isLabelShown
          value={role}
          options={[
            { id: INHERITED, name: t.giveInherited },
            ...ROLES.map((id) => ({ id, name: texts.workspaceRoles[id] })),
          ]}
          onChange={setRole}
        />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" refusal={workspace ? null : { message: t.chooseWorkspace }}>
            {t.next}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
