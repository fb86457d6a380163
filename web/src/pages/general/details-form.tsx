import type { ComponentProps, FormEvent } from "react";
import { GeneralUpdateDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { characters } from "../../parts/characters";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { UnsavedGuard } from "../../parts/unsaved-guard";
import { useCommand } from "../../parts/use-command";
import { type Draft, useDraft } from "../../parts/use-draft";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { generalPage } from "../../texts/en/general";
import styles from "./general.module.css";

const NAME_LIMIT = 100;
const DESCRIPTION_LIMIT = 500;

/** The drafts of name and description, and how to store or discard them. */
function useDetails() {
  const { organization } = useOrganization();
  const name = useDraft(organization.name);
  const description = useDraft(organization.description ?? "");
  const { send, problem, isSending, clear } = useCommand(GeneralUpdateDocument);
  const isChanged = name.isChanged || description.isChanged;
  const discard = () => {
    name.discard();
    description.discard();
    clear();
  };
  const save = async () => {
    const changes = {
      ...(name.isChanged && { name: name.value }),
      ...(description.isChanged && { description: description.value }),
    };
    const saved = isChanged ? await send({ input: { organizationId: organization.id, ...changes } }) : null;
    if (!saved) return;
    name.settle(name.value, saved.organization.name);
    description.settle(description.value, saved.organization.description ?? "");
    toast(generalPage.saved);
  };
  return { name, description, isChanged, problem, isSending, discard, save };
}

/** Edits name and description. Changes by others are shown beside the person's own text. */
export function DetailsForm() {
  const { may } = useOrganization();
  const { name, description, isChanged, problem, isSending, discard, save } = useDetails();
  const isReadOnly = !may("EDIT_ORGANIZATION");
  const field = problem?.path?.at(-1);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  return (
    <form className={styles.card} onSubmit={submit}>
      <DraftField
        draft={name}
        label={texts.name}
        advice={generalPage.nameHint}
        limit={NAME_LIMIT}
        isReadOnly={isReadOnly}
        isRequired
        problem={field === "name" ? problem?.message : null}
      />
      <DraftField
        draft={description}
        label={texts.description}
        advice={generalPage.descriptionHint}
        limit={DESCRIPTION_LIMIT}
        isReadOnly={isReadOnly}
        isMultiline
        problem={field === "description" ? problem?.message : null}
      />
      <Problem problem={!isChanged || field === "name" || field === "description" ? null : problem} />
      {isReadOnly ? (
        <p className="dim">{generalPage.readOnly}</p>
      ) : (
        <div className="actions">
          {isChanged && <Button onPress={discard}>{generalPage.discard}</Button>}
          <Button
            variant="main"
            type="submit"
            isPending={isSending}
            refusal={isChanged ? null : { message: generalPage.nothingChanged }}
          >
            {generalPage.save}
          </Button>
        </div>
      )}
      <UnsavedGuard isChanged={isChanged} />
    </form>
  );
}

interface DraftFieldProps extends Omit<ComponentProps<typeof Field>, "value" | "onChange" | "hint"> {
  draft: Draft;
  label: string;
  advice: string;
  limit: number;
}

/**
 * A field with its counter, and the text that somebody else has saved. The person's own text stays until they decide.
 */
function DraftField({ draft, label, advice, limit, ...props }: DraftFieldProps) {
  return (
    <>
      <Field
        {...props}
        label={label}
        value={draft.value}
        onChange={draft.edit}
        hint={props.isReadOnly ? "" : `${advice} ${generalPage.counter(characters(draft.value), limit)}`}
      />
      {draft.theirs !== null && (
        <div role="alert" className="notice">
          <p>{generalPage.theirs(label, draft.theirs)}</p>
          <Button onPress={draft.discard}>{generalPage.takeTheirs}</Button>
        </div>
      )}
    </>
  );
}
