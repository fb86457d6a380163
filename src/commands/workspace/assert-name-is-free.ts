import { Refused } from "../../domain/refusal";
import { nameKey, nameLooks } from "../../domain/text";
import type { Reader } from "../../store/engine/statement";
import { isNameTaken } from "../../store/workspace";

/**
 * A workspace's name, with the two keys that make it unique in its organization: one for its text, one for its look.
 */
export interface UniqueName {
  name: string;
  nameKey: string;
  nameLooks: string | null;
}

/** Returns a parsed name with its two keys. */
export function uniqueName(name: string): UniqueName {
  return { name, nameKey: nameKey(name), nameLooks: nameLooks(name) };
}

/** No two workspaces of an organization have the same name, or names that look the same. Refuses NAME_TAKEN. */
export async function assertNameIsFree(
  reader: Reader,
  organizationId: string,
  name: UniqueName,
  except: string | null = null,
): Promise<void> {
  if (!(await isNameTaken(reader, organizationId, name, except))) return;
  const message = "Another workspace of this organization already has this name, or one that looks the same.";
  throw new Refused("NAME_TAKEN", message, { path: ["name"] });
}
