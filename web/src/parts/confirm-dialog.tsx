import type { ReactNode } from "react";
import type { DryRunInput } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Effects, useDryRun } from "./dry-run";
import { Problem } from "./problem";
import type { Problem as ProblemData } from "./use-command";

interface Props {
  title: string;
  confirm: string;
  /** The mutation that confirming sends. The dialog shows its effects first. */
  mutation: DryRunInput;
  problem: ProblemData | null;
  isSending: boolean;
  isDangerous?: boolean;
  onConfirm(): void;
  onClose(): void;
  children?: ReactNode;
}

/** Asks before something that is hard to undo, and shows what it would do. */
export function ConfirmDialog({ title, confirm, mutation, problem, isSending, isDangerous, ...props }: Props) {
  const { onConfirm, onClose, children } = props;
  const { outcome, error } = useDryRun(mutation);
  const isRefused = outcome?.__typename === "Refusal";
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      {children}
      {error ? null : <Effects outcome={outcome} />}
      <Problem problem={problem} />
      <div className="actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button
          variant={isDangerous ? "danger" : "main"}
          refusal={isRefused ? outcome : null}
          isPending={isSending}
          onPress={onConfirm}
        >
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
