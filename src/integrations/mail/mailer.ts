/** A mail, ready to send. */
export interface Message {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Brings mail out of the house. */
export interface Mailer {
  /** Throws MailRejected where trying again is pointless, and any other error where it is not. */
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** The receiving side refused for good. */
export class MailRejected extends Error {}
