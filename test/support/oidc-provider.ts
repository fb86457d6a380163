import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** The real oidc-provider. It starts without a client, because the client's addresses depend on the service. */
export class OidcProvider {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(): Promise<OidcProvider> {
    const child = fork(path.join(__dirname, "oidc-provider-process.mjs"), { execArgv: [], stdio: "ignore" });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    return new OidcProvider(child, port);
  }

  get issuer(): string {
    return `http://localhost:${this.port}`;
  }

  /** Lets the console at `origin` sign people in. Access tokens live for `seconds`. */
  async configure(origin: string, audience: string, seconds: number): Promise<void> {
    await this.send({ is: "configure", origin, audience, seconds });
  }

  /** Ends all sessions. Refresh tokens are refused until `allow` is called. */
  async end(): Promise<void> {
    await this.send({ is: "end" });
  }

  async allow(): Promise<void> {
    await this.send({ is: "allow" });
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, "exit");
  }

  private async send(message: object): Promise<void> {
    this.child.send(message);
    await once(this.child, "message");
  }
}
