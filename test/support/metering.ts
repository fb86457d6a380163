import { randomUUID } from "node:crypto";
import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import type { RecordUsageOutcome } from "../../src/commands/usage/record-usage";
import type { UsageRecord } from "../../src/domain/usage";
import type { Service } from "../../src/domain/viewer";
import type { World } from "./world";

const METER: Service = { kind: "service", name: "meter", scopes: new Set(["usage:write"]) };

/** Records usage through a replica whose clock is ahead of the world's. */
export function recordUsage(world: World, records: readonly UsageRecord[], aheadMs = 0): Promise<RecordUsageOutcome> {
  const clock = { now: () => new Date(world.clock.now().getTime() + aheadMs) };
  return runCommand({ ...world.replica(), clock }, METER, commands.recordUsage, { records: [...records] });
}

/** Records a call with these credits. */
export function spend(world: World, workspaceId: string, credits: number, at = world.clock.now()) {
  return recordUsage(world, [{ id: randomUUID(), workspaceId, at, credits, byok: false }]);
}

/** The ids of an organization's workspaces, oldest first. */
export async function workspacesOf(world: World, organizationId: string): Promise<string[]> {
  const text = "SELECT id FROM workspace WHERE organization_id = $1 ORDER BY is_default DESC, created_at, id";
  return (await world.query<{ id: string }>(text, organizationId)).map(({ id }) => id);
}

/** The sums of all records: by the hours of organizations and of workspaces, and by days. */
export async function countedUsage(world: World) {
  const [sums] = await world.query<Record<"whole" | "parts" | "days" | "calls", string>>(`
    SELECT coalesce(sum(credits) FILTER (WHERE scope_id = organization_id), 0)::text AS whole,
      coalesce(sum(credits) FILTER (WHERE scope_id <> organization_id), 0)::text AS parts,
      (SELECT coalesce(sum(credits), 0)::text FROM usage_day) AS days,
      coalesce(sum(calls) FILTER (WHERE scope_id = organization_id), 0)::text AS calls FROM usage_hour`);
  return sums;
}
