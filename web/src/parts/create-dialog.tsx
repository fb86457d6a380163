import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { texts } from "../texts/en";
import { Button } from "./button";
import styles from "./create-dialog.module.css";
import { Dialog } from "./dialog";
import { Field } from "./field";
import type { Problem as ProblemData } from "./outcome";
import { Problem } from "./problem";
import type { StepOrganization } from "./refusal-step";

/** The input. An empty description means none. */
export interface Created {
  name: string;
  description: string | null;
}

interface Props {
  title: string;
  nameHint: string;
  descriptionHint?: string;
  problem: ProblemData | null;
  isSending: boolean;
  /** The organization that it is created in, if there is one. */
  organization?: StepOrganization;
  onCreate(created: Created): void;
  onClose(): void;
  /** Other fields, above the name. */
  children?: ReactNode;
}

/** Creates something that has a name and a description. A refusal is shown at its field, which gets the focus. */
export function CreateDialog({ title, nameHint, descriptionHint, problem, isSending, ...props }: Props) {
  const { organization, onCreate, onClose, children } = props;
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const form = useFocusOnRefusal(problem);
  const field = fieldOf(problem);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isSending) onCreate({ name, description: description || null });
  };
  const problemAt = (each: string) => (field === each ? problem?.message : null);
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form ref={form} onSubmit={submit} className={styles.form}>
        {children}
        <Field
          label={texts.name}
          name="name"
          hint={nameHint}
          value={name}
          onChange={setName}
          problem={problemAt("name")}
          autoFocus
          isRequired
        />
        <Field
          label={texts.description}
          name="description"
          hint={descriptionHint}
          value={description}
          onChange={setDescription}
          problem={problemAt("description")}
          isMultiline
        />
        {field === null && <Problem problem={problem} organization={organization} />}
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" isPending={isSending}>
            {texts.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function fieldOf(problem: ProblemData | null): "name" | "description" | null {
  if (problem?.code === "NAME_TAKEN") return "name";
  return (["name", "description"] as const).find((each) => problem?.path?.includes(each)) ?? null;
}

function useFocusOnRefusal(problem: ProblemData | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = fieldOf(problem);
    const control = field && form.current?.elements.namedItem(field);
    if (control instanceof HTMLElement) control.focus();
  }, [problem]);
  return form;
}
