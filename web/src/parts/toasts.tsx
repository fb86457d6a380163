import {
  Button as AriaButton,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import { texts } from "../texts/en";
import { Button } from "./button";
import type { Problem } from "./outcome";
import styles from "./toasts.module.css";

/** Takes back what a toast confirms. Returns why that was not possible. */
type Undo = () => Promise<Problem | null>;

interface Content {
  text: string;
  onUndo?: Undo;
}

const TIMEOUT_MS = 8_000;
const queue = new ToastQueue<Content>({ maxVisibleToasts: 3 });

/** Confirms a change. Errors are not toasts; they stay where they happened. */
export function toast(text: string, onUndo?: Undo): void {
  queue.add(onUndo ? { text, onUndo } : { text }, { timeout: TIMEOUT_MS });
}

/** Says that a change failed whose form is no longer on the page. It stays until somebody closes it. */
export function report({ message }: Problem): void {
  queue.add({ text: texts.notDone(message) });
}

/** Closes all toasts: the next person must neither read nor undo what somebody did. */
export function clearToasts(): void {
  queue.clear();
}

/** The confirmed change is no longer on the page, so a toast says why it stays. */
async function undo(onUndo: Undo): Promise<void> {
  const problem = await onUndo();
  if (problem) toast(texts.notUndone(problem.message));
}

/** The region of the toasts. Use it once per page; F6 moves the focus to it. */
export function Toasts() {
  return (
    <ToastRegion queue={queue} className={styles.region}>
      {({ toast: shown }) => (
        <Toast toast={shown} className={styles.toast}>
          <ToastContent>
            <Text slot="title">{shown.content.text}</Text>
          </ToastContent>
          {shown.content.onUndo && (
            <Button
              onPress={() => {
                queue.close(shown.key);
                if (shown.content.onUndo) void undo(shown.content.onUndo);
              }}
            >
              {texts.undo}
            </Button>
          )}
          <AriaButton slot="close" aria-label={texts.close} className={styles.close}>
            ×
          </AriaButton>
        </Toast>
      )}
    </ToastRegion>
  );
}
