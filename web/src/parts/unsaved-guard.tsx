import { useBlocker } from "@tanstack/react-router";
import { texts } from "../texts/en";
import { Button } from "./button";
import { Dialog } from "./dialog";

/** Asks for confirmation before unsaved text is lost. */
export function UnsavedGuard({ isChanged }: { isChanged: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog title={texts.unsaved} isOpen onClose={blocker.reset}>
      <p>{texts.unsavedText}</p>
      <div className="actions">
        <Button variant="danger" onPress={blocker.proceed}>
          {texts.leavePage}
        </Button>
        <Button variant="main" autoFocus onPress={blocker.reset}>
          {texts.keepEditing}
        </Button>
      </div>
    </Dialog>
  );
}
