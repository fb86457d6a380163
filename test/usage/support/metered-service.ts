import { randomUUID } from "node:crypto";
import { organization } from "../../support/live-organization";
import { type Ask, type Person, RunningService } from "../../support/service";

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
export const RECORD = `mutation($records: [UsageRecordInput!]!) { recordUsage(input: { records: $records }) {
  ... on RecordUsageSuccess { recorded duplicates rejected { id reason } } ... on Refusal { code message } } }`;

type UsageInput = { id?: string; workspaceId: string; at?: string; credits: number; byok?: boolean };

/** A service with organizations that use credits. */
export class MeteredService {
  private constructor(
    readonly service: RunningService,
    private readonly metering: Ask,
  ) {}

  static async start(): Promise<MeteredService> {
    const service = await RunningService.start();
    return new MeteredService(service, await service.service("usage:write"));
  }

  async record(...records: UsageInput[]) {
    const whole = records.map((each) => ({ id: randomUUID(), at: new Date().toISOString(), ...each }));
    const { data, errors } = await this.metering(RECORD, { records: whole });
    return data?.recordUsage ?? errors;
  }

  /** An organization that was founded 40 days ago. */
  async organization(planCode = "STANDARD"): Promise<{ owner: Person; id: string; workspaceId: string }> {
    const owner = await this.service.person("Olga");
    const id = await organization(owner);
    await this.service.app.services.database.dataSource.query(
      "UPDATE organization_subscription SET plan_code = $2, started_at = $3 WHERE organization_id = $1",
      [id, planCode, ago(40 * DAY)],
    );
    const { data } = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id } } } }`);
    return { owner, id, workspaceId: data.organization.workspaces.nodes[0].id };
  }
}

export async function usageOf(owner: Person, id: string, selection: string) {
  const { data, errors } = await owner.ask(`{ organization(id: "${id}") { subscription { usage { ${selection} } } } }`);
  return errors ?? data.organization.subscription.usage;
}
