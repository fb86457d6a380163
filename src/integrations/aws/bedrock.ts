import type { AwsCredentials, ByokCheck, ByokKey } from "../../domain/byok";

/** Short-lived credentials, and when they end; null: nobody knows. */
export interface AwsSession extends AwsCredentials {
  expiresAt: Date | null;
}

/** What AWS is asked in an organization's name, with its own credentials and never with the platform's. */
export interface Bedrock {
  /** The models that a key has to reach. */
  readonly modelIds: readonly string[];
  /**
   * Checks who a key is, whether it reaches the models in its profile, and whether it may do what it is used for.
   * Answers within eight seconds, whatever AWS does.
   */
  verify(key: ByokKey): Promise<ByokCheck[]>;
  /** A session of at most an hour for a long-term key. Throws AwsError. */
  mintSession(credentials: AwsCredentials, region: string): Promise<AwsSession>;
}

/** AWS did not do what it was asked; `code` is its own, or ours where it did not answer. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "AwsError";
  }
}
