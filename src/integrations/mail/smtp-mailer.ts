import { createTransport } from "nodemailer";
import type { Mailbox } from "../../domain/mailbox";
import { type Mailer, MailRejected } from "./mailer";

/**
 * Sends by SMTP. Names and addresses are given to it apart: as one text they would be parsed as a header, where a colon
 * begins a group and parentheses a comment. Errors name SMTP's code and neither the address nor the server's words,
 * which may quote it.
 */
export function createSmtpMailer({ url, from }: { url: string; from: Mailbox }): Mailer {
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
  const transport = createTransport({ url, pool: true, disableFileAccess: true, disableUrlAccess: true, ...timeouts });
  return {
    send: async ({ to, ...message }) => {
      try {
        // Fresh objects: the transport writes into those that it is given.
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
  // 5xx to the recipient or the content is final; 5xx at the greeting or sign-in is the server's configuration.
  const final = (responseCode ?? 0) >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
  return final ? new MailRejected(message) : new Error(message);
}
