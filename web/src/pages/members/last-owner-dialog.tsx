import { useState } from "react";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import { ownershipTexts } from "../../texts/en/ownership";
import { MakeOwnerDialog } from "../ownership/make-owner-dialog";

/** Says why the last Owner cannot go, and offers to make another one. */
export function LastOwnerDialog({ message, onClose }: { message: string; onClose(): void }) {
  const [isChoosing, setChoosing] = useState(false);
  if (isChoosing) return <MakeOwnerDialog onClose={onClose} />;
  return (
    <Dialog title={membersPage.lastOwnerTitle} isOpen onClose={onClose}>
      <p role="status">{message}</p>
      <div className="actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button variant="main" autoFocus onPress={() => setChoosing(true)}>
          {ownershipTexts.makeOwner}
        </Button>
      </div>
    </Dialog>
  );
}
