/** How many connections there are, and how they are used. */
export interface DatabaseOptions {
  /** Past the pooler, if `url` leads to one; used where a session must be ours. Null: `url` leads to the server. */
  directUrl?: string | null;
  /** The pool's size: 5 to 10 measured fastest on two cores. */
  connections?: number;
  /** Connections for short reads (see Pipeline). 0: they use the pool. */
  lanes?: number;
  /** How long a lock is waited for that somebody else holds. */
  lockTimeoutMs?: number;
  /** False for a pooler that does not know prepared statements. */
  namedStatements?: boolean;
}
