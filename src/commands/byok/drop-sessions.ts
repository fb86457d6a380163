import { byokVersions } from "../../store/views/byok";
import type { Services } from "../runner/unit-of-work";

/**
 * Drops cached sessions of keys that were changed or removed, to free memory; calls check the key's version anyway.
 * `topics`: the topics from the notifier; null for all.
 */
export async function dropSessions(
  { database, integrations: { sessions } }: Pick<Services, "database" | "integrations">,
  topics: readonly string[] | null,
): Promise<void> {
  const ids = sessions.filterCached(topics);
  if (ids.length === 0) return;
  const versions = await byokVersions(database, ids);
  for (const id of ids) if (sessions.versionOf(id) !== versions.get(id)) sessions.drop(id);
}
