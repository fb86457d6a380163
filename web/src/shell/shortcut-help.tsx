import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { texts } from "../texts/en";
import styles from "./shortcut-help.module.css";

const KEYS = [
  ["⌘K / Ctrl K", "selector"],
  ["/", "search"],
  ["?", "help"],
  ["Esc", "close"],
] as const;

export function ShortcutHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={texts.selectorPage.shortcuts} isOpen onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([key, name]) => (
          <div key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{texts.selectorPage.shortcutList[name]}</dd>
          </div>
        ))}
      </dl>
      <div className="actions">
        <Button autoFocus onPress={onClose}>
          {texts.close}
        </Button>
      </div>
    </Dialog>
  );
}
