import type { FormEvent } from "react";
import { WorkspaceGrantDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Meanwhile } from "../../parts/meanwhile";
import type { Problem as ProblemData } from "../../parts/outcome";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useDraft } from "../../parts/use-draft";
import { useWhileShown } from "../../parts/use-is-shown";
import { texts } from "../../texts/en";
import { workspacePage } from "../../texts/en/workspace";
import { fromLocalInput, toLocalInput } from "./grants";
import type { Access } from "./people";
import type { Workspace } from "./workspace";
import styles from "./workspace.module.css";

const page = workspacePage;

interface Props {
  workspace: Workspace;
  /** The access as it was when the dialog was opened. */
  opened: Access;
  /** As it is now: others may change it while the dialog is open. Null: the person has lost it. */
  current: Access | null;
  onClose(): void;
}

/** Sets when somebody's access ends by itself. */
export function EndDialog({ workspace, opened, current, onClose }: Props) {
  const access = current ?? opened;
  const { member, roleOverride = null } = access;
  const end = useDraft(access.expiresAt ? toLocalInput(access.expiresAt) : "");
  const { send, problem, isSending } = useCommand(WorkspaceGrantDocument);
  const close = useWhileShown(onClose);
  const gone = current ? null : { message: page.lostMeanwhile(member.user.name) };
  const isOfEnd = problem?.path?.includes("expiresAt") ?? false;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (gone) return;
    const key = { organizationId: workspace.organization.id, workspaceId: workspace.id, memberId: member.id };
    if (!(await send({ input: { ...key, roleOverride, expiresAt: fromLocalInput(end.value) } }))) return;
    toast(page.changed(member.user.name));
    close();
  };
  return (
    <Dialog title={page.endOf(member.user.name)} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <EndField value={end.value} onChange={end.edit} problem={isOfEnd ? problem : null} />
        <Meanwhile label={page.endsAt} draft={end} wordsOf={(value) => value.replace("T", " ")} />
        {!isOfEnd && <Problem problem={problem} />}
        <Problem problem={gone} />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" refusal={gone} isPending={isSending}>
            {page.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  value: string;
  onChange(value: string): void;
  problem: ProblemData | null;
}

/** When access ends, in the viewer's time zone. */
export function EndField({ value, onChange, problem }: FieldProps) {
  return (
    <Field
      type="datetime-local"
      label={page.endsAt}
      hint={page.endHint}
      value={value}
      onChange={onChange}
      problem={problem?.message ?? null}
    />
  );
}
