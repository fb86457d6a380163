import { createTransport } from "nodemailer";
import type { Mailbox } from "../../domain/mailbox";
import { type Mailer, MailRejected } from "./mailer";

/**
 * Sends by SMTP. Nodemailer gets name and address separately: it would parse one string as a header, where a colon
 * starts a group and a parenthesis a comment. Errors contain the SMTP code, but no address and no server message, which
 * may quote one.
 */
export function createSmtpMailer({ url, from }: { url: string; from: Mailbox }): Mailer {
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
  const transport = createTransport({ url, pool: true, disableFileAccess: true, disableUrlAccess: true, ...timeouts });
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
