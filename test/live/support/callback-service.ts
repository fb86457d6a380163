import type { App } from "../../../src/app";
import { organization } from "../../support/live-organization";
import { RouterStandIn } from "../../support/router-stand-in";
import { type Person, RunningService } from "../../support/service";

/** A service with a replica that sends events to a router, and a victim that it must never call. */
export interface CallbackService {
  service: RunningService;
  router: RouterStandIn;
  victim: RouterStandIn;
  app: App;
  owner: Person;
  /** The owner's organization. */
  id: string;
  stop(): Promise<void>;
}

export async function startCallbackService(): Promise<CallbackService> {
  const service = await RunningService.start({}, { jobs: false });
  const [router, victim] = await Promise.all([RouterStandIn.start(), RouterStandIn.start()]);
  const urls = `https://router.example, ${router.url}`;
  const app = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: urls }, { jobs: false });
  const owner = await service.person("Olga");
  const stop = async () => {
    await service.stop();
    await Promise.all([router.stop(), victim.stop()]);
  };
  return { service, router, victim, app, owner, id: await organization(owner), stop };
}
