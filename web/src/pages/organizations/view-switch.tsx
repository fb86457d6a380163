import { LayoutGrid, PanelLeft } from "lucide-react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { organizationsPage } from "../../texts/en/organizations";
import styles from "./organizations.module.css";
import type { View } from "./search";

const ICONS = { sidebar: PanelLeft, grid: LayoutGrid };

/** Switches between a list with one organization opened, and all of them in a grid. */
export function ViewSwitch({ view, onChange }: { view: View; onChange(view: View): void }) {
  return (
    <ToggleButtonGroup
      aria-label={organizationsPage.view}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={(keys) => onChange(keys.has("grid") ? "grid" : "sidebar")}
      className={styles.switch}
    >
      {(["sidebar", "grid"] as const).map((each) => {
        const Icon = ICONS[each];
        return (
          <ToggleButton key={each} id={each} className={styles.option}>
            <Icon size={16} aria-hidden />
            {organizationsPage.views[each]}
          </ToggleButton>
        );
      })}
    </ToggleButtonGroup>
  );
}
