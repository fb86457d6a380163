import { Writable } from "node:stream";
import { createLog } from "../../src/log";
import { IdentityProvider, type ProviderKey } from "./identity-provider";
import { RunningService } from "./service";

/** A service that trusts an identity provider, which has published one key. */
export interface ProviderService {
  provider: IdentityProvider;
  service: RunningService;
  /** The lines that the service has logged. */
  lines: Array<Record<string, unknown>>;
  key: ProviderKey;
  /** The HTTP status of a request with this token. */
  statusOf(token: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startProviderService(): Promise<ProviderService> {
  const provider = await IdentityProvider.start();
  const lines: Array<Record<string, unknown>> = [];
  const write = (line: unknown, _encoding: string, done: () => void) => {
    lines.push(JSON.parse(String(line)));
    done();
  };
  const log = createLog("info", new Writable({ write }));
  const service = await RunningService.start(provider.environment, { clock: provider.clock, jobs: false }, log);
  const key = await provider.key("ES256", "first");
  provider.publish(key);
  const statusOf = async (token: string) => (await service.ask(token)("{ viewer { id } }")).status;
  const stop = async () => {
    await service.stop();
    await provider.stop();
  };
  return { provider, service, lines, key, statusOf, stop };
}
