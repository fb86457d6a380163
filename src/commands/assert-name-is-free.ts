import { Refused } from "../domain/refusal";
import { nameKey } from "../domain/text";
import type { Reader } from "../store/statement";
import { workspaceNamed } from "../store/workspace";

/** Workspace names are unique within an organization, case-insensitively. Refuses NAME_TAKEN. */
export async function assertNameIsFree(reader: Reader, organizationId: string, name: string, except?: string) {
  const taken = await workspaceNamed(reader, organizationId, nameKey(name));
  if (!taken || taken === except) return;
  throw new Refused("NAME_TAKEN", "Another workspace of this organization has this name already.", { path: ["name"] });
}
