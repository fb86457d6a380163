import { type ReactNode, useState } from "react";
import type { DryRunInput } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Effects } from "../../parts/dry-run";
import { Problem } from "../../parts/problem";
import type { Problem as ProblemData } from "../../parts/use-command";
import { useDryRun } from "../../parts/use-dry-run";
import { texts } from "../../texts/en";
import { ownershipTexts } from "../../texts/en/ownership";
import { MemberChoice, type PickedMember } from "./member-choice";

interface Props {
  title: string;
  confirm: string;
  /** The new roles of both people. */
  consequence(member: PickedMember): ReactNode;
  mutationFor(memberId: string): DryRunInput;
  problem: ProblemData | null;
  isSending: boolean;
  isDangerous?: boolean;
  onConfirm(member: PickedMember): void;
  onClose(): void;
}

/** Chooses a member who becomes an Owner, and shows the effects first. */
export function OwnerDialog({ title, confirm, consequence, mutationFor, problem, isSending, ...props }: Props) {
  const { isDangerous = false, onConfirm, onClose } = props;
  const [picked, setPicked] = useState<PickedMember | null>(null);
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <MemberChoice picked={picked} onPick={setPicked} />
      {picked && <p>{consequence(picked)}</p>}
      {picked && <EffectsOf key={picked.id} mutation={mutationFor(picked.id)} />}
      <Problem problem={problem} />
      <div className="actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button
          variant={isDangerous ? "danger" : "main"}
          refusal={picked ? null : { message: ownershipTexts.chooseFirst }}
          isPending={isSending}
          onPress={() => picked && onConfirm(picked)}
        >
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}

function EffectsOf({ mutation }: { mutation: DryRunInput }) {
  return <Effects {...useDryRun(mutation)} />;
}
