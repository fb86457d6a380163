import { Writable } from "node:stream";
import { createLog } from "../../src/log";
import { IdentityProvider, type ProviderKey } from "./identity-provider";
import { RunningService } from "./service";

const DAY_MS = 24 * 60 * 60_000;

/** A service that trusts an identity provider. */
export class ProviderService {
  private constructor(
    readonly provider: IdentityProvider,
    readonly service: RunningService,
    /** The lines that the service has logged since `begin`. */
    readonly lines: Array<Record<string, unknown>>,
  ) {}

  static async start(): Promise<ProviderService> {
    const provider = await IdentityProvider.start();
    const lines: Array<Record<string, unknown>> = [];
    const write = (line: unknown, _encoding: string, done: () => void) => {
      lines.push(JSON.parse(String(line)));
      done();
    };
    const log = createLog("info", new Writable({ write }));
    const service = await RunningService.start(provider.environment, { clock: provider.clock, jobs: false }, log);
    return new ProviderService(provider, service, lines);
  }

  /** Begins a test a day later, with one key, which is published. All keys of earlier tests are too old to be used. */
  async begin(): Promise<ProviderKey> {
    this.provider.instead = null;
    this.provider.clock.pass(DAY_MS);
    this.lines.length = 0;
    const key = await this.provider.key("ES256", "first");
    this.provider.publish(key);
    return key;
  }

  /** The HTTP status of a request with this token. */
  async statusOf(token: string): Promise<number> {
    return (await this.service.ask(token)("{ viewer { id } }")).status;
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.provider.stop();
  }
}
