/** What a viewer may read. `all`: a service that may read all entities. */
export interface Visibility {
  userId: string | null;
  all: boolean;
}

/** The two parameters of a statement that depends on the viewer: the person, and whether everything is visible. */
export function visibilityValues({ userId, all }: Visibility): [string | null, boolean] {
  return [userId, all];
}
