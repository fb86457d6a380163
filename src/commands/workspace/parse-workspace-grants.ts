import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { invalidInput } from "../../domain/refusal";
import type { WorkspaceRole } from "../../domain/role";
import { assertAccessEnd } from "../../domain/temporary-access";
import type { WorkspaceGrant } from "../../store/workspace-assignment";

export interface WorkspaceGrantInput {
  workspaceId: string;
  roleOverride?: WorkspaceRole | null;
  expiresAt?: Date | null;
}

/** More than any plan with a limit allows. */
const MAX_GRANTS = 1000;

/** Parses grants; each workspace may occur once. Throws NOT_FOUND; refuses INVALID_INPUT at the grant's path. */
export function parseGrants(grants: readonly WorkspaceGrantInput[], now: Date, ...path: string[]): WorkspaceGrant[] {
  if (grants.length > MAX_GRANTS) {
    throw invalidInput(`Give at most ${MAX_GRANTS} workspaces at a time.`, ...path);
  }
  const seen = new Set<string>();
  return grants.map(({ workspaceId, roleOverride = null, expiresAt = null }, index) => {
    if (!isIdentifier(workspaceId)) throw notFound("workspace");
    const id = workspaceId.toLowerCase();
    if (seen.has(id))
      throw invalidInput(
        "This workspace occurs twice. Send each workspace once.",
        ...path,
        String(index),
        "workspaceId",
      );
    seen.add(id);
    assertAccessEnd(expiresAt, now, ...path, String(index), "expiresAt");
    return { workspaceId: id, roleOverride, expiresAt };
  });
}

/** Throws NOT_FOUND unless all granted workspaces exist. */
export function assertAllExist(grants: readonly WorkspaceGrant[], existing: ReadonlySet<string>): void {
  if (grants.some((grant) => !existing.has(grant.workspaceId))) throw notFound("workspace");
}
