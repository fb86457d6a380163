import { type FormEvent, useState } from "react";
import type { OrganizationRole, ReviewItemFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { Select } from "../../parts/select";
import { useWhileShown } from "../../parts/use-is-shown";
import { texts } from "../../texts/en";
import { reviewPage } from "../../texts/en/reviews";
import { DecidedMeanwhile } from "./decided-meanwhile";
import { type Choice, type Choices, Grants } from "./grants";
import styles from "./review.module.css";
import type { Browsing } from "./use-browsing";
import type { Decisions } from "./use-decisions";

const page = reviewPage;
const ROLES: readonly OrganizationRole[] = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"];

interface Props {
  /** The person's item as it is now. */
  item: ReviewItemFragment;
  /** As it was when the dialog was opened. */
  opened: ReviewItemFragment;
  organizationId: string;
  decisions: Decisions;
  browsing: Browsing;
  onClose(): void;
}

/** Decides on a new role, new workspaces or both. */
export function ChangeDialog({ item, opened, organizationId, decisions, browsing, onClose }: Props) {
  const [role, setRole] = useState<OrganizationRole>(item.newRole ?? item.role);
  const [choices, setChoices] = useState<Choices>(() => choicesOf(item.newGrants ?? item.grants));
  const [isTouched, setTouched] = useState(Boolean(item.newGrants));
  const [note, setNote] = useState(item.note ?? "");
  const isExplicit = role === "DEVELOPER" || role === "VIEWER";
  const goOn = useWhileShown((next: string | null) => {
    onClose();
    browsing.goTo(next);
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const change = {
      decision: "CHANGE" as const,
      newRole: role === item.role ? null : role,
      newGrants: isExplicit && isTouched ? grantsOf(choices, item) : null,
      note: note || null,
    };
    const next = browsing.afterDecision(item.id);
    const text = page.done(page.decisions.CHANGE, item.userName);
    if (await decisions.decide([item], change, text)) goOn(next);
  };
  return (
    <Dialog title={page.changeTitle(item.userName)} isOpen onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className={styles.form}>
        <Select<OrganizationRole>
          label={page.newRole}
          isLabelShown
          value={role}
          options={ROLES.map((each) => ({ id: each, name: texts.roles[each] }))}
          onChange={setRole}
        />
        {isExplicit && (
          <Grants
            item={item}
            organizationId={organizationId}
            choices={choices}
            onChange={(id: string, choice: Choice) => {
              setTouched(true);
              setChoices({ ...choices, [id]: choice });
            }}
          />
        )}
        <Field label={page.note} hint={page.noteHint} value={note} onChange={setNote} isMultiline />
        <DecidedMeanwhile item={item} opened={opened} />
        <Problem problem={decisions.problem} />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button variant="main" type="submit" isPending={decisions.isSending}>
            {page.saveChange}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function choicesOf(grants: ReviewItemFragment["grants"]): Choices {
  return Object.fromEntries(grants.map(({ workspaceId, roleOverride }) => [workspaceId, roleOverride ?? "INHERIT"]));
}

/** Access that ends by itself keeps its end. */
function grantsOf(choices: Choices, { grants }: ReviewItemFragment) {
  return Object.entries(choices)
    .filter(([, choice]) => choice !== "NONE")
    .map(([workspaceId, choice]) => ({
      workspaceId,
      roleOverride: choice === "INHERIT" || choice === "NONE" ? null : choice,
      expiresAt: grants.find((grant) => grant.workspaceId === workspaceId)?.expiresAt ?? null,
    }));
}
