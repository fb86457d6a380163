/** How many connections there are, and how they are used. */
export interface DatabaseOptions {
  /**
   * The server's own address if `url` leads to a pooler, for work that needs a session of its own. Null: `url` leads to
   * the server.
   */
  directUrl?: string | null;
  /** The pool's size. 5 to 10 was fastest on two cores. */
  connections?: number;
  /** Connections for short reads (see Pipeline). 0: they use the pool. */
  lanes?: number;
  /** How long a request waits for a lock. */
  lockTimeoutMs?: number;
  /** False for a pooler that does not support prepared statements. */
  namedStatements?: boolean;
  /** Whether the server is the coordinator of a Citus cluster. Absent: asks the server. */
  isDistributed?: boolean;
  /** Whether that cluster has filled directories. Counts only with `isDistributed`. */
  hasDirectories?: boolean;
}
