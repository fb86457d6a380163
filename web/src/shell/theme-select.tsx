import { useSyncExternalStore } from "react";
import { texts } from "../texts/en";
import { THEMES, theme } from "./theme";
import styles from "./theme-select.module.css";

/** Lets the person choose between light, dark and the system's colours. */
export function ThemeSelect() {
  const chosen = useSyncExternalStore(theme.subscribe, theme.current);
  return (
    <fieldset className={styles.themes}>
      <legend className="unseen">{texts.selectorPage.theme}</legend>
      {THEMES.map((each) => (
        <label key={each} className={styles.theme}>
          <input type="radio" name="theme" checked={each === chosen} onChange={() => theme.choose(each)} />
          {texts.selectorPage.themes[each]}
        </label>
      ))}
    </fieldset>
  );
}
