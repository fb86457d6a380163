import { type ReactNode, useState } from "react";
import type { DryRunInput } from "../../graph/generated/graphql";
import { ConfirmDialog } from "../../parts/confirm-dialog";
import type { Problem } from "../../parts/outcome";
import { ownershipTexts } from "../../texts/en/ownership";
import { MemberChoice, type PickedMember } from "./member-choice";

interface Props {
  title: string;
  confirm: string;
  /** The new roles of both people. */
  consequence(member: PickedMember): ReactNode;
  mutationFor(memberId: string): DryRunInput;
  problem: Problem | null;
  isSending: boolean;
  isDangerous?: boolean;
  onConfirm(member: PickedMember): void;
  onClose(): void;
}

/** Chooses a member who becomes an Owner, and shows the effects first. */
export function OwnerDialog({ consequence, mutationFor, onConfirm, ...props }: Props) {
  const [picked, setPicked] = useState<PickedMember | null>(null);
  return (
    <ConfirmDialog
      {...props}
      mutation={picked && mutationFor(picked.id)}
      missing={picked ? null : ownershipTexts.chooseFirst}
      onConfirm={() => picked && onConfirm(picked)}
    >
      <MemberChoice picked={picked} onPick={setPicked} />
      {picked && <p>{consequence(picked)}</p>}
    </ConfirmDialog>
  );
}
