import { byokVersions } from "../../store/views/byok";
import type { Services } from "../runner/unit-of-work";

/**
 * Lets go of the sessions of keys that were changed or removed. Nobody is given one of those anyway, for every call
 * looks at the key's version first; but what cannot be used any more need not stay in memory. `topics` as of WakeUps.
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
