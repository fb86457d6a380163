import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server that records mails. While it is silent, senders get no response. */
export class MailServer {
  isSilent = false;
  readonly received: string[] = [];
  private unanswered: Array<() => void> = [];

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<MailServer> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData(stream, _session, done) {
        let text = "";
        stream.on("data", (chunk) => {
          text += chunk;
        });
        stream.on("end", () => {
          const unfolded = text.replaceAll("=\r\n", "");
          mail.received.push(unfolded);
          server.emit("mail", unfolded);
          if (mail.isSilent) mail.unanswered.push(done);
          else done();
        });
      },
    });
    const mail = new MailServer(server);
    server.on("error", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async next(): Promise<string> {
    return String((await once(this.server, "mail"))[0]);
  }

  /** Responds to the senders that wait. */
  respond(): void {
    for (const done of this.unanswered.splice(0)) done();
  }

  close(): void {
    this.server.close(() => undefined);
  }
}
