import { type FormEvent, useEffect, useRef } from "react";
import { WorkspaceUpdateDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { Meanwhile } from "../../parts/meanwhile";
import type { Problem as ProblemData } from "../../parts/outcome";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { UnsavedGuard } from "../../parts/unsaved-guard";
import { useCommand } from "../../parts/use-command";
import { useDraft } from "../../parts/use-draft";
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

/** The drafts of name and description, and how to save or discard them. */
function useDetails(workspace: Workspace, organizationId: string) {
  const name = useDraft(workspace.name);
  const description = useDraft(workspace.description ?? "");
  const { send, problem, isSending, clear } = useCommand(WorkspaceUpdateDocument);
  const save = async () => {
    const changes = {
      ...(name.isChanged && { name: name.value }),
      ...(description.isChanged && { description: description.value }),
    };
    const saved = await send({ input: { organizationId, workspaceId: workspace.id, ...changes } });
    if (!saved) return;
    name.settle(name.value, saved.workspace.name);
    description.settle(description.value, saved.workspace.description ?? "");
    toast(page.saved);
  };
  const discard = () => {
    name.discard();
    description.discard();
    clear();
  };
  return { name, description, isChanged: name.isChanged || description.isChanged, problem, isSending, save, discard };
}

/** Name and description. Texts that others save are shown beside the person's own, and overwrite nothing. */
export function WorkspaceForm({ workspace, organizationId, isReadOnly }: Props) {
  const { name, description, isChanged, problem, isSending, save, discard } = useDetails(workspace, organizationId);
  const form = useRef<HTMLFormElement>(null);
  const field = fieldOf(problem);
  useEffect(() => {
    const control = field && form.current?.elements.namedItem(field);
    if (control instanceof HTMLElement) control.focus();
  }, [field]);
  if (isReadOnly) return <ReadOnly workspace={workspace} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  const problemAt = (each: string) => (field === each ? problem?.message : null);
  return (
    <form ref={form} onSubmit={submit} className={styles.form}>
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
      <UnsavedGuard isChanged={isChanged} />
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
