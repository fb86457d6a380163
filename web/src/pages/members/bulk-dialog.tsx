import { useState } from "react";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { MemberRow } from "./types";
import { type BulkChange, type BulkStep, useBulk } from "./use-bulk";

const t = membersPage;
const TONES = { waiting: "neutral", running: "neutral", done: "good", refused: "bad" } as const;

interface Props {
  change: BulkChange;
  members: readonly MemberRow[];
  /** Called with the members that were not changed. */
  onClose(remaining: readonly MemberRow[]): void;
}

/** Changes many members, each by its own mutation, and lists the progress of each. */
export function BulkDialog({ change, members: selected, onClose }: Props) {
  // The members as they were selected: changed ones leave the selection.
  const [members] = useState(selected);
  const { steps, isRunning, run } = useBulk(change);
  const isBegun = steps.size > 0;
  const remaining = members.filter(({ id }) => steps.get(id)?.state !== "done");
  const { title, text, button } = wordsFor(change, members.length);
  return (
    <Dialog title={title} isOpen onClose={() => !isRunning && onClose(remaining)}>
      <p>{text}</p>
      <ProgressList members={members} steps={steps} />
      {isBegun && <p role="status">{t.bulkDone(members.length - remaining.length, members.length)}</p>}
      <div className="actions">
        <Button onPress={() => onClose(remaining)} isDisabled={isRunning}>
          {isBegun ? texts.close : texts.cancel}
        </Button>
        {remaining.length > 0 && (
          <Button
            variant={change.is === "remove" ? "danger" : "main"}
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

function ProgressList({ members, steps }: { members: readonly MemberRow[]; steps: ReadonlyMap<string, BulkStep> }) {
  return (
    <ul className={styles.progress} aria-label={t.bulkProgress}>
      {members.map(({ id, user }) => {
        const step = steps.get(id);
        return (
          <li key={id}>
            <span dir="auto">{user.name}</span>
            {step && <Badge tone={TONES[step.state]}>{t.steps[step.state]}</Badge>}
            {step?.reason && <span className={`dim ${styles.line}`}>{step.reason}</span>}
          </li>
        );
      })}
    </ul>
  );
}
