/** docs/clients.md states these limits for clients. */
export const SOCKET_LIMITS = {
  /** Sockets per person, or per address for anonymous clients, in one process. */
  socketsEach: 100,
  /** Operations that run at the same time on one socket. */
  operations: 100,
  messageBytes: 256 * 1024,
  /** What may wait for a client that does not read, and sends more. */
  unreadBytes: 4 * 1024 * 1024,
  connectionInitMs: 3_000,
} as const;

/** Close codes in addition to those of the protocol. */
export const CLOSE = {
  goingAway: 1001,
  tryAgainLater: 1013,
  unauthorized: 4401,
  tooSlow: 4413,
  tooManySockets: 4429,
  failed: 4500,
} as const;
