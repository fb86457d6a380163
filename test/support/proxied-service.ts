import type { App } from "../../src/app";
import { DatabaseProxy } from "./database-proxy";
import { post } from "./replies";
import { RunningService } from "./service";

/** A service with a replica whose connections to the database pass through a proxy. */
export class ProxiedService {
  private constructor(
    readonly service: RunningService,
    readonly proxy: DatabaseProxy,
    readonly app: App,
  ) {}

  /** `poolerPort`: the replica also connects through a pooler. */
  static async start(poolerPort?: string): Promise<ProxiedService> {
    const service = await RunningService.start({}, { jobs: false });
    const proxy = await DatabaseProxy.open();
    const url = Object.assign(new URL(service.databaseUrl), poolerPort && { port: poolerPort }).toString();
    // Lanes would bypass the pooler, and with it the proxy.
    const variables = { DATABASE_URL: proxy.url(url), ...(poolerPort && { DATABASE_LANES: "0" }) };
    const app = await service.replica(variables, { jobs: false });
    return new ProxiedService(service, proxy, app);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    this.proxy.close();
  }

  /** An organization with seats, and its owner. */
  async founded() {
    const owner = await this.service.person("Olga");
    const { data } = await owner.ask(
      'mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id workspaces { nodes { id } } } } } }',
    );
    const { id, workspaces } = data.createOrganization.organization;
    await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
    // The replica now knows the owner, so only the mutation will commit.
    await post(this.app.port, owner.token, "{ viewer { id } }");
    return { owner, id: id as string, workspaceId: workspaces.nodes[0].id as string };
  }
}
