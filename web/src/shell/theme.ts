const KEY = "theme";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The colours that the person chose in this browser: those of the system, or always light or dark. */
class ChosenTheme {
  private readonly views = new Set<() => void>();

  readonly current = (): Theme => THEMES.find((each) => each === localStorage.getItem(KEY)) ?? "system";

  readonly subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  choose(chosen: Theme): void {
    localStorage.setItem(KEY, chosen);
    this.apply();
    for (const view of this.views) view();
  }

  apply(): void {
    document.documentElement.dataset.theme = this.current();
  }
}

export const theme = new ChosenTheme();
