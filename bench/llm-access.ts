import { type Floor, record } from "./support/floor";
import { alternate, type Load, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";

/** The delay that `llmAccess` adds to every LLM call on an organization's own key, while a session is cached. */
export async function benchLlmAccess(service: BenchedService, floor: Floor, load: Load): Promise<void> {
  printHead("llmAccess", "requests/s", "p50 ms", "p99 ms", "SQL", "floor/s", "floor's p99", "ratio", "ratio of p99");
  const workspaceId = await grantByok(service);
  const query = `{ llmAccess(workspaceId: "${workspaceId}") { __typename
      ... on ByokLlmAccess { accessKeyId secretAccessKey sessionToken expiresAt region inferenceProfile fallback }
      ... on PlatformLlmAccess { reason creditsRemaining } ... on Refusal { code message } } }`;
  const send = () => service.ask<{ llmAccess: { __typename: string } }>(query, "caller");
  const { llmAccess } = await send();
  if (llmAccess.__typename !== "ByokLlmAccess") throw new Error(`llmAccess was answered ${JSON.stringify(llmAccess)}`);
  const sent = await record(send);
  floor.replay([sent]);
  const target = service.target(query, { who: "caller" });
  const [ours, bare] = await alternate(load, [target, { ...target, port: floor.port }]);
  if (!ours || !bare) throw new Error("A round is missing.");
  printRow(
    "own key, from the session cache",
    ...[ours.perSecond, ours.p50, ours.p99, sent.length, bare.perSecond, bare.p99],
    ...[ours.perSecond / bare.perSecond, ours.p99 / bare.p99],
  );
}

async function grantByok(service: BenchedService): Promise<string> {
  const organizationId = await service.organization();
  const credentials = { organizationId, region: "eu-central-1", ...service.aws.key() };
  const { saveByokConfig } = await service.ask<{ saveByokConfig: { __typename: string } }>(
    `mutation($credentials: ByokCredentialsInput!) { saveByokConfig(input: { credentials: $credentials }) { __typename } }`,
    "owner",
    { credentials },
  );
  if (saveByokConfig.__typename !== "SaveByokConfigSuccess") throw new Error("The key was not saved.");
  return await workspaceOf(service, organizationId);
}

async function workspaceOf(service: BenchedService, organizationId: string): Promise<string> {
  const [workspace] = await service.sql<{ id: string }>(
    "SELECT id FROM workspace WHERE organization_id = $1",
    organizationId,
  );
  return workspace?.id ?? "";
}
