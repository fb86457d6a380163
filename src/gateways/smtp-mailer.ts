import { createTransport } from "nodemailer";
import { type Mailer, MailRejected } from "./mailer";

/** Sends by SMTP. Errors name SMTP's code and neither the address nor the server's words, which may quote it. */
export function createSmtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
  const transport = createTransport({ url, pool: true, disableFileAccess: true, disableUrlAccess: true, ...timeouts });
  return {
    send: async (message) => {
      try {
        await transport.sendMail({ ...message, from, headers: { "Auto-Submitted": "auto-generated" } });
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
