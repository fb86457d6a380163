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
import styles from "./toasts.module.css";

interface Content {
  text: string;
  /** Undoes the change that the toast confirms. */
  onUndo?: () => void;
}

const TIMEOUT_MS = 8_000;
const queue = new ToastQueue<Content>({ maxVisibleToasts: 3 });

/** Confirms a change. Errors are not toasts; they stay where they happened. */
export function toast(text: string, onUndo?: () => void): void {
  queue.add(onUndo ? { text, onUndo } : { text }, { timeout: TIMEOUT_MS });
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
                shown.content.onUndo?.();
                queue.close(shown.key);
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
