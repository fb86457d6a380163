import type { AwsCredentials, ByokCheck, ByokKey } from "../../domain/byok";
import type { Span } from "../../tracing/span";

/** Short-lived credentials. `expiresAt` is null if unknown. */
export interface AwsSession extends AwsCredentials {
  expiresAt: Date | null;
}

/** AWS as an organization uses it: with its own credentials, never the platform's. */
export interface Bedrock {
  /** The models that a key must be able to invoke. */
  readonly modelIds: readonly string[];
  /**
   * Checks the credentials, access to each model in the key's profile, and permissions. Never throws, and returns
   * within eight seconds.
   */
  verify(key: ByokKey): Promise<ByokCheck[]>;
  /** Exchanges a long-term key for a session of one hour. Throws AwsError. */
  mintSession(credentials: AwsCredentials, region: string): Promise<AwsSession>;
  /** Returns the same integration with a span for every call. */
  withSpan(span: Span): Bedrock;
}

/** An AWS call failed. `code` is AWS's error code, or one of our own if there was no usable response. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "AwsError";
  }
}
