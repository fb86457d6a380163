import { useState } from "react";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import type { Outcome } from "../../parts/outcome";
import type { Why } from "../../parts/why";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { MemberRow } from "./types";
import { type BulkChange, type BulkStep, useBulk } from "./use-bulk";
import { useBulkEffects } from "./use-bulk-effects";

const t = membersPage;
const TONES = { waiting: "neutral", running: "neutral", done: "good", refused: "bad" } as const;

interface Props {
  change: BulkChange;
  members: readonly MemberRow[];
  /** Called with the members that were not changed. */
  onClose(remaining: readonly MemberRow[]): void;
}

/** Changes many members, each by its own mutation. Lists the effects on each before, and then the progress. */
export function BulkDialog({ change, members: selected, onClose }: Props) {
  // The members as they were selected: changed ones leave the selection.
  const [members] = useState(selected);
  const { steps, isRunning, run } = useBulk(change);
  const isBegun = steps.size > 0;
  const remaining = members.filter(({ id }) => steps.get(id)?.state !== "done");
  const { outcomes, isReading } = useBulkEffects(change, members, isBegun);
  const refusal = refusalOfAll(outcomes, members.length);
  const { title, text, button } = wordsFor(change, members.length);
  return (
    <Dialog title={title} isOpen onClose={() => !isRunning && onClose(remaining)}>
      <p>{text}</p>
      {!isBegun && (
        <p role="status">{isReading ? texts.checkingEffects : t.bulkEffects(outcomes.size, members.length)}</p>
      )}
      <ProgressList members={members} steps={steps} outcomes={isBegun ? NONE : outcomes} />
      {isBegun && <p role="status">{t.bulkDone(members.length - remaining.length, members.length)}</p>}
      <div className="actions">
        <Button onPress={() => onClose(remaining)} isPending={isRunning}>
          {isBegun ? texts.close : texts.cancel}
        </Button>
        {remaining.length > 0 && (
          <Button
            variant={change.is === "remove" ? "danger" : "main"}
            refusal={isBegun ? null : refusal}
            isPending={isRunning}
            onPress={() => void run(remaining)}
          >
            {isBegun ? texts.tryAgain : button}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function wordsFor(change: BulkChange, count: number): { title: string; text: string; button: string } {
  if (change.is === "remove") return { title: t.bulkRemove(count), text: t.bulkRemoveText, button: t.removeShort };
  if (change.is === "role") {
    return { title: t.bulkRole(count, texts.roles[change.role]), text: t.bulkRoleText, button: t.bulkChange };
  }
  const { workspace, roleOverride } = change;
  const role = roleOverride && texts.workspaceRoles[roleOverride];
  return { title: t.bulkGive(count, workspace.name, role), text: t.bulkGiveText, button: t.bulkGiveShort };
}

interface ListProps {
  members: readonly MemberRow[];
  steps: ReadonlyMap<string, BulkStep>;
  outcomes: ReadonlyMap<string, Outcome | null>;
}

function ProgressList({ members, steps, outcomes }: ListProps) {
  return (
    <ul className={styles.progress} aria-label={t.bulkProgress}>
      {members.map(({ id, user }) => {
        const step = steps.get(id) ?? stepOf(outcomes.get(id));
        return (
          <li key={id}>
            <span dir="auto">{user.name}</span>
            {step && <Badge tone={TONES[step.state]}>{t.steps[step.state]}</Badge>}
            {step?.reason && <span className={`dim ${styles.line}`}>{step.reason}</span>}
            {effectsOf(outcomes.get(id)).map((sentence) => (
              <span key={sentence} className={`dim ${styles.line}`}>
                {sentence}
              </span>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

const NONE: ReadonlyMap<string, Outcome | null> = new Map();

function stepOf(outcome: Outcome | null | undefined): BulkStep | null {
  return outcome?.__typename === "Refusal" ? { state: "refused", reason: outcome.message } : null;
}

function effectsOf(outcome: Outcome | null | undefined): string[] {
  if (outcome === null) return [texts.effectsUnknown];
  if (outcome?.__typename !== "DryRunSuccess") return [];
  const mails = outcome.emails.map(({ to, subject }) => texts.mailTo(to, subject));
  const sentences = [...outcome.effects.map(({ summary }) => summary), ...mails];
  return sentences.length > 0 ? [...new Set(sentences)] : [t.bulkNothing];
}

/** The first refusal, if every member's change is refused. */
function refusalOfAll(outcomes: ReadonlyMap<string, Outcome | null>, count: number): Why {
  const refusals = [...outcomes.values()].filter((each) => each?.__typename === "Refusal");
  return refusals.length === count ? refusals[0] : null;
}
