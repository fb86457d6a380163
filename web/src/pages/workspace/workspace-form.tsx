import { type FormEvent, useEffect, useRef } from "react";
import { WorkspaceUpdateDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { type Problem as ProblemData, useCommand } from "../../parts/use-command";
import { type Draft, useDraft } from "../../parts/use-draft";
import { texts } from "../../texts/en";
import { workspacePage } from "../../texts/en/workspace";
import type { Workspace } from "./workspace";
import styles from "./workspace.module.css";

const page = workspacePage;

interface Props {
  workspace: Workspace;
  organizationId: string;
  isReadOnly: boolean;
}

/** Name and description. Texts that others save are shown beside the person's own, and overwrite nothing. */
export function WorkspaceForm({ workspace, organizationId, isReadOnly }: Props) {
  const name = useDraft(workspace.name);
  const description = useDraft(workspace.description ?? "");
  const { send, problem, isSending, clear } = useCommand(WorkspaceUpdateDocument);
  const form = useRef<HTMLFormElement>(null);
  const field = fieldOf(problem);
  useEffect(() => {
    const control = field && form.current?.elements.namedItem(field);
    if (control instanceof HTMLElement) control.focus();
  }, [field]);
  if (isReadOnly) return <ReadOnly workspace={workspace} />;
  const isChanged = name.isChanged || description.isChanged;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const changes = {
      ...(name.isChanged && { name: name.value }),
      ...(description.isChanged && { description: description.value }),
    };
    if (await send({ input: { organizationId, workspaceId: workspace.id, ...changes } })) toast(page.saved);
  };
  const discard = () => {
    name.discard();
    description.discard();
    clear();
  };
  const problemAt = (each: string) => (field === each ? problem?.message : null);
  return (
    <form ref={form} onSubmit={(event) => void submit(event)} className={styles.form}>
      <Field
        label={texts.name}
        name="name"
        value={name.value}
        onChange={name.edit}
        problem={problemAt("name")}
        isRequired
      />
      <Meanwhile label={texts.name} draft={name} />
      <Field
        label={page.description}
        name="description"
        value={description.value}
        onChange={description.edit}
        problem={problemAt("description")}
        isMultiline
      />
      <Meanwhile label={page.description} draft={description} />
      {field === null && <Problem problem={problem} />}
      {isChanged && (
        <div className={styles.buttons}>
          <Button variant="main" type="submit" isPending={isSending}>
            {page.save}
          </Button>
          <Button onPress={discard}>{page.discard}</Button>
        </div>
      )}
    </form>
  );
}

/** Shows what somebody else saved while the person was typing. */
function Meanwhile({ label, draft }: { label: string; draft: Draft }) {
  if (draft.theirs === null) return null;
  return (
    <div role="alert" className={styles.meanwhile}>
      <p>
        {page.changedMeanwhile(label)} <strong dir="auto">{draft.theirs || page.nothing}</strong>
      </p>
      <div className={styles.buttons}>
        <Button onPress={draft.discard}>{page.useTheirs}</Button>
        <Button onPress={draft.keepMine}>{page.keepMine}</Button>
      </div>
    </div>
  );
}

function ReadOnly({ workspace: { description } }: { workspace: Workspace }) {
  return (
    <>
      <p dir="auto" className={styles.text}>
        {description || <span className="dim">{texts.noDescription}</span>}
      </p>
      <p className="dim">{page.readOnly}</p>
    </>
  );
}

function fieldOf(problem: ProblemData | null): "name" | "description" | null {
  if (problem?.code === "NAME_TAKEN") return "name";
  return (["name", "description"] as const).find((each) => problem?.path?.includes(each)) ?? null;
}
