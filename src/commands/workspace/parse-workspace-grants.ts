import { notFound } from "../../domain/denial";
import { isIdentifier } from "../../domain/identifier";
import { invalidInput } from "../../domain/refusal";
import type { WorkspaceRole } from "../../domain/role";
import type { WorkspaceGrant } from "../../store/member";

export interface WorkspaceGrantInput {
  workspaceId: string;
  roleOverride?: WorkspaceRole | null;
}

/** More than any plan with a limit allows; a longer list is a mistake. */
const GRANTS_AT_A_TIME = 1000;

/** The grants of an input, each workspace once. Refuses INVALID_INPUT at the grant's own path. */
export function parseGrants(grants: readonly WorkspaceGrantInput[], ...path: string[]): WorkspaceGrant[] {
  if (grants.length > GRANTS_AT_A_TIME) {
    throw invalidInput(`Name at most ${GRANTS_AT_A_TIME} workspaces at a time.`, ...path);
  }
  const seen = new Set<string>();
  return grants.map(({ workspaceId, roleOverride }, index) => {
    if (!isIdentifier(workspaceId)) throw notFound("workspace");
    const id = workspaceId.toLowerCase();
    if (seen.has(id)) throw invalidInput("A workspace is named twice.", ...path, String(index), "workspaceId");
    seen.add(id);
    return { workspaceId: id, roleOverride: roleOverride ?? null };
  });
}

/** Every granted workspace is one of the organization's. Throws NOT_FOUND. */
export function assertAllExist(grants: readonly WorkspaceGrant[], existing: ReadonlySet<string>): void {
  if (grants.some((grant) => !existing.has(grant.workspaceId))) throw notFound("workspace");
}
