/** A rendered e-mail. */
export interface Message {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Sends e-mail. */
export interface Mailer {
  /** Throws MailRejected if retrying is pointless, and any other error if a retry may help. */
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** The recipient's server rejected the mail permanently. */
export class MailRejected extends Error {}
