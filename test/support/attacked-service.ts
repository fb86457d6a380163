import type { App } from "../../src/app";
import { RunningService } from "./service";
import { withoutBackgroundStatements } from "./without-background-statements";

type Answer = { data?: unknown; errors?: Array<{ message: string; extensions: object }> };

/** A service whose statements can be counted, and a client that sends it raw bodies. */
export class AttackedService {
  private constructor(
    readonly service: RunningService,
    readonly token: string,
  ) {}

  static async start(): Promise<AttackedService> {
    withoutBackgroundStatements();
    const service = await RunningService.start({}, { jobs: false });
    const { token, ask } = await service.person();
    await ask("{ viewer { id } }");
    return new AttackedService(service, token);
  }

  async post(body: string, headers: Record<string, string> = {}, app: App = this.service.app) {
    const response = await fetch(`http://127.0.0.1:${app.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.token}`, ...headers },
      body,
    });
    return { status: response.status, answer: (await response.json()) as Answer };
  }
}
