import { commands } from "../../src/commands";
import { DEFAULT_RETENTION } from "../../src/domain/retention";
import { removeOldData } from "../../src/jobs/remove-old-data";
import type { Database } from "../../src/store/engine/database";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import type { TestOrganization, World } from "../support/world";

export const DAY_MS = 86_400_000;
/** The age at which these tests remove events. */
export const KEPT_MS = 90 * DAY_MS;

/** Removes events that are older than 90 days. */
export const removeEvents = (world: World, database: Database = world.database) =>
  removeOldData({ ...world.replica(), database, retention: { ...DEFAULT_RETENTION, events: 90 } });

/** An organization's events, without those of its founding. */
export const eventsOf = (world: World, { id }: TestOrganization) =>
  world.query<{ sequence: number; type: string }>(
    "SELECT sequence, type FROM organization_event WHERE organization_id = $1 ORDER BY sequence",
    id,
  );

export const sequencesOf = async (world: World, acme: TestOrganization) =>
  (await eventsOf(world, acme)).map(({ sequence }) => sequence);

export async function headOf(world: World, { id }: TestOrganization): Promise<number> {
  const text = "SELECT event_sequence AS head FROM organization WHERE id = $1";
  return (await world.query<{ head: number }>(text, id))[0]?.head ?? 0;
}

/** Writes one event. */
export async function rename({ owner, id }: TestOrganization, name: string): Promise<void> {
  await owner.run(commands.updateOrganization, { organizationId: id, name });
}

export const verify = (world: World, { id }: TestOrganization) => verifyAuditLog(world.database, id);
