import type { ReactNode } from "react";
import type { DryRunInput } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Effects } from "./dry-run";
import type { DryRunSuccess, Problem as ProblemData } from "./outcome";
import { Problem } from "./problem";
import { useDryRun } from "./use-dry-run";

interface Props {
  title: string;
  confirm: string;
  /** The mutation that confirming sends. The dialog shows its effects first. Null: something has to be chosen first. */
  mutation: DryRunInput | null;
  /** Why it cannot be confirmed yet. */
  missing?: string | null;
  problem: ProblemData | null;
  isSending: boolean;
  isDangerous?: boolean;
  /** A control that settles the problem in place. */
  action?: ReactNode;
  /** More details of the outcome than its effects, such as the charge. */
  details?(outcome: DryRunSuccess): ReactNode;
  onConfirm(): void;
  onClose(): void;
  children?: ReactNode;
}

/** Asks for confirmation before a change that is hard to undo, and shows its effects. */
export function ConfirmDialog({ title, confirm, mutation, problem, isSending, isDangerous, ...props }: Props) {
  const { missing, onConfirm, onClose, children, action, details } = props;
  const { outcome, error, isOutdated, hasChanged } = useDryRun(mutation, isSending);
  const refusal = outcome?.__typename === "Refusal" ? outcome : null;
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      {children}
      {mutation && <Effects outcome={outcome} error={error} hasChanged={hasChanged} />}
      {outcome?.__typename === "DryRunSuccess" && details?.(outcome)}
      <Problem problem={problem} action={action} />
      <div className="actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button
          variant={isDangerous ? "danger" : "main"}
          refusal={missing ? { message: missing } : refusal}
          isPending={isSending || isOutdated}
          onPress={onConfirm}
        >
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
