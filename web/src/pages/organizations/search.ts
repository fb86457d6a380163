const VIEWS = ["sidebar", "grid"] as const;

export type View = (typeof VIEWS)[number];

/** What the address of the organizations page says: the search, the view, and the organization that is chosen. */
export interface OrganizationsSearch {
  q?: string;
  view?: View;
  chosen?: string;
}

/** Reads the state of the page from an address. Drops what it does not know. */
export function organizationsSearch(search: Record<string, unknown>): OrganizationsSearch {
  const view = VIEWS.find((each) => each === search.view);
  return {
    ...(typeof search.q === "string" && search.q !== "" && { q: search.q }),
    ...(view && { view }),
    ...(typeof search.chosen === "string" && { chosen: search.chosen }),
  };
}
