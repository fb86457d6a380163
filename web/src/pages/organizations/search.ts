const VIEWS = ["sidebar", "grid"] as const;

export type View = (typeof VIEWS)[number];

/** The parameters in the address of the organizations page: the search, the view, and the chosen organization. */
export interface OrganizationsSearch {
  q?: string;
  view?: View;
  chosen?: string;
}

/** Reads the state of the page from an address. Ignores unknown parameters. */
export function organizationsSearch(search: Record<string, unknown>): OrganizationsSearch {
  const view = VIEWS.find((each) => each === search.view);
  return {
    ...(typeof search.q === "string" && search.q !== "" && { q: search.q }),
    ...(view && { view }),
    ...(typeof search.chosen === "string" && { chosen: search.chosen }),
  };
}
