import { createTransport } from "nodemailer";
import type { Mailbox } from "../../domain/mailbox";
import { type Mailer, MailRejected } from "./mailer";

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Throws unless the server accepts a connection and the sign-in. Sends nothing. */
export async function verifySmtp(url: string): Promise<void> {
  const transport = createTransport({ url, ...TIMEOUTS });
  try {
    await transport.verify();
  } catch (error) {
    throw withoutAddresses(error);
  } finally {
    transport.close();
  }
}

/**
 * Sends by SMTP. Nodemailer gets name and address separately: it would parse one string as a header, where a colon
 * starts a group and a parenthesis a comment. Errors contain the SMTP code, but no address and no server message, which
 * may quote one.
 */
export function createSmtpMailer({ url, from }: { url: string; from: Mailbox }): Mailer {
  const transport = createTransport({ url, pool: true, disableFileAccess: true, disableUrlAccess: true, ...TIMEOUTS });
  return {
    send: async ({ to, ...message }) => {
      try {
        // Nodemailer mutates these objects, so each send gets new ones.
        const mailboxes = { from: { ...from }, to: { name: "", address: to } };
        await transport.sendMail({ ...message, ...mailboxes, headers: { "Auto-Submitted": "auto-generated" } });
      } catch (error) {
        throw withoutAddresses(error);
      }
    },
    close: async () => transport.close(),
  };
}

function withoutAddresses(error: unknown): Error {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  const message = `SMTP failed: ${code ?? "unknown"}${responseCode ? ` ${responseCode}` : ""} at ${command ?? "start"}.`;
  // A 5xx for the recipient or the content is permanent. At the greeting or sign-in it means wrong SMTP settings.
  const final = (responseCode ?? 0) >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
  return final ? new MailRejected(message) : new Error(message);
}
