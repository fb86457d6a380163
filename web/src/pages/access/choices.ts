import type { WorkspaceGrantInput, WorkspaceRole } from "../../graph/generated/graphql";

/** Access to one workspace: with the organization role, or with an override; for good, or until a time. */
export interface Choice {
  roleOverride: WorkspaceRole | null;
  expiresAt: string | null;
}

/** Access by workspace. A workspace that is absent is not accessible. */
export type Choices = ReadonlyMap<string, Choice>;

/** The changes in the grid. Null: the access is removed. */
export type Edits = ReadonlyMap<string, Choice | null>;

export interface AccessSummary {
  adds: number;
  lifts: number;
  lowers: number;
  ends: number;
  removes: number;
}

const RANK: Record<WorkspaceRole, number> = { VIEWER: 0, DEVELOPER: 1, ADMIN: 2 };

/** The access with the edits on top. Workspaces that were not edited follow the current access. */
export function withEdits(base: Choices, edits: Edits): Choices {
  const merged = new Map(base);
  for (const [workspaceId, choice] of edits) {
    if (choice) merged.set(workspaceId, choice);
    else merged.delete(workspaceId);
  }
  return merged;
}

/** How many workspaces the change adds, lifts, lowers, ends at another time and removes. `inherited`: the role without an override. */
export function summaryOf(before: Choices, after: Choices, inherited: WorkspaceRole): AccessSummary {
  const summary: AccessSummary = { adds: 0, lifts: 0, lowers: 0, ends: 0, removes: 0 };
  for (const workspaceId of before.keys()) if (!after.has(workspaceId)) summary.removes += 1;
  for (const [workspaceId, next] of after) {
    const now = before.get(workspaceId);
    if (!now) {
      summary.adds += 1;
      continue;
    }
    const step = RANK[next.roleOverride ?? inherited] - RANK[now.roleOverride ?? inherited];
    if (step > 0) summary.lifts += 1;
    else if (step < 0) summary.lowers += 1;
    else if (!isSameTime(now.expiresAt, next.expiresAt)) summary.ends += 1;
  }
  return summary;
}

/** Whether two accesses are the same, apart from the order. */
export function areSame(first: Choices, second: Choices): boolean {
  return first.size === second.size && [...first].every(([id, choice]) => isSame(choice, second.get(id)));
}

export function toGrants(choices: Choices): WorkspaceGrantInput[] {
  return [...choices].map(([workspaceId, { roleOverride, expiresAt }]) => ({
    workspaceId,
    ...(roleOverride && { roleOverride }),
    ...(expiresAt && { expiresAt }),
  }));
}

function isSame(first: Choice, second: Choice | undefined): boolean {
  return second?.roleOverride === first.roleOverride && isSameTime(first.expiresAt, second.expiresAt);
}

function isSameTime(first: string | null, second: string | null): boolean {
  return first === second || (first !== null && second !== null && Date.parse(first) === Date.parse(second));
}
