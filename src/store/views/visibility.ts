/** Whose eyes a view looks through. `all`: a service that may read entities without a person. */
export interface Visibility {
  userId: string | null;
  all: boolean;
}

/** The two leading parameters of every scoped statement: $1 the person, $2 whether everything is in sight. */
export function visibilityValues({ userId, all }: Visibility): [string | null, boolean] {
  return [userId, all];
}
