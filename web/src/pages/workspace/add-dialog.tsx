import { type FormEvent, useState } from "react";
import { WorkspaceGrantDocument, WorkspaceRevokeDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { MemberPicker, type PickedMember } from "../../parts/member-picker";
import type { Choice } from "../../parts/picker";
import { Problem } from "../../parts/problem";
import { Select } from "../../parts/select";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";
import { texts } from "../../texts/en";
import { workspacePage } from "../../texts/en/workspace";
import { EndField } from "./end-dialog";
import { fromLocalInput, INHERIT, type RoleChoice, roleChoices } from "./grants";
import type { Workspace } from "./workspace";
import styles from "./workspace.module.css";

const page = workspacePage;
const ROLES = ["DEVELOPER", "VIEWER"] as const;

/** Gives a Developer or Viewer access to the workspace. */
export function AddDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const organizationId = workspace.organization.id;
  const [member, setMember] = useState<PickedMember | null>(null);
  const [role, setRole] = useState<RoleChoice>(INHERIT);
  const [end, setEnd] = useState("");
  const grant = useCommand(WorkspaceGrantDocument);
  const revoke = useCommand(WorkspaceRevokeDocument);
  const close = useWhileShown(onClose);
  const isOfEnd = grant.problem?.path?.includes("expiresAt") ?? false;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!member) return;
    const key = { organizationId, workspaceId: workspace.id, memberId: member.id };
    const roleOverride = role === INHERIT ? null : role;
    if (!(await grant.send({ input: { ...key, roleOverride, expiresAt: fromLocalInput(end) } }))) return;
    toast(page.granted(member.user.name), async () => (await revoke.attempt({ input: key })).problem);
    close();
  };
  const chosen: Choice | null = member && { id: member.id, name: member.user.name };
  return (
    <Dialog title={page.addTitle} isOpen onClose={onClose}>
      <p className={styles.text}>{page.addText}</p>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <MemberPicker
          organizationId={organizationId}
          label={page.addPerson}
          placeholder={page.addPlaceholder}
          roles={[...ROLES]}
          chosen={chosen}
          idOf={({ id }) => id}
          accepts={({ workspaceAccess }) => workspaceAccess.every(({ workspace: { id } }) => id !== workspace.id)}
          onChoose={(_choice, picked) => setMember(picked)}
        />
        <Select<RoleChoice>
          label={page.addRole}
          isLabelShown
          value={role}
          options={roleChoices(member?.role ?? "VIEWER")}
          onChange={setRole}
        />
        <EndField value={end} onChange={setEnd} problem={isOfEnd ? grant.problem : null} />
        {!isOfEnd && <Problem problem={grant.problem} />}
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" refusal={member ? null : page.choosePerson} isPending={grant.isSending}>
            {page.addButton}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
