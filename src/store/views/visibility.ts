/** The visibility of a viewer: which rows they may read. `all`: a service that may read all entities. */
export interface Visibility {
  userId: string | null;
  all: boolean;
}

/** The visibility of workspaces at a time: grants that have ended by then do not count. */
export interface WorkspaceVisibility extends Visibility {
  now: Date;
}

/**
 * The two parameters of a statement that depends on the viewer: the person, and whether everything is visible. No person is
 * "", which is nobody's id: a distributed PostgreSQL simplifies `= NULL`, and no longer finds the organization beside it.
 */
export function visibilityValues({ userId, all }: Visibility): [string, boolean] {
  return [userId ?? "", all];
}

/** The parameters of a statement that depends on the viewer's workspaces: the two above, and the time. */
export function accessValues(visibility: WorkspaceVisibility): [string, boolean, Date] {
  return [...visibilityValues(visibility), visibility.now];
}
