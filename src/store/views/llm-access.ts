import type { ByokConfig } from "../../../entities/byok-config";
import type { DaySpent } from "../../domain/credits";
import { located } from "../engine/directories";
import type { Reader } from "../engine/statement";

/** The state that decides whether a workspace's LLM calls run on the organization's key or on credits. */
export interface LlmAccessState {
  organizationId: string;
  planCode: string;
  startedAt: Date;
  spent: Array<{ day: string; periodStart: string; credits: number }>;
  /** Null if the organization has no key of its own. */
  byok: LlmByok | null;
}

/** The organization's own key, without its sealed part. */
export type LlmByok = Pick<
  ByokConfig,
  | "id"
  | "version"
  | "region"
  | "inferenceProfile"
  | "fallback"
  | "enabled"
  | "isTemporary"
  | "sessionTokenExpiresAt"
  | "failingSince"
>;

// One statement, because callers read this before every LLM call. 32 days always cover the current period.
const STATE = located(
  { name: "llm-access-state", isShortRead: true },
  { directory: "workspace", parameter: 1 },
  (within) => `
    SELECT w.organization_id AS "organizationId", s.plan_code AS "planCode", s.started_at AS "startedAt",
      coalesce((SELECT jsonb_agg(jsonb_build_object(
          'day', d.day, 'periodStart', d.period_start, 'credits', d.credits::float8))
        FROM usage_day d WHERE d.organization_id = w.organization_id ${within("d.organization_id")}
          AND d.day >= ($2::timestamptz AT TIME ZONE 'UTC')::date - 32), '[]') AS spent,
      c.id AS "byokId", c.version, c.region, c.inference_profile AS "inferenceProfile", c.fallback, c.enabled,
      c.is_temporary AS "isTemporary", c.session_token_expires_at AS "sessionTokenExpiresAt",
      c.failing_since AS "failingSince"
    FROM workspace w
    JOIN organization o ON o.id = w.organization_id AND o.deleted_at IS NULL ${within("o.id")}
    JOIN organization_subscription s ON s.organization_id = w.organization_id ${within("s.organization_id")}
    LEFT JOIN byok_config c ON c.organization_id = w.organization_id ${within("c.organization_id")}
    WHERE w.id = $1 AND w.deleted_at IS NULL ${within("w.organization_id")}`,
);

/** Reads the state of a workspace; undefined if it does not exist or is deleted. */
export async function llmAccessState(
  reader: Reader,
  workspaceId: string,
  now: Date,
): Promise<LlmAccessState | undefined> {
  const [row] = await reader.rows<LlmAccessState & LlmByok & { byokId: string | null }>(STATE, [workspaceId, now]);
  return row && { ...row, byok: row.byokId === null ? null : { ...row, id: row.byokId } };
}

/** Spending by day in a period; `before` is spending of the first day that belongs to the previous period. */
export function spentInPeriod({ spent }: LlmAccessState, start: Date): DaySpent[] {
  const days = new Map<string, DaySpent>();
  for (const { day, periodStart, credits } of spent) {
    const sum = days.get(day) ?? { day: new Date(day), inPeriod: 0, before: 0 };
    if (new Date(periodStart) >= start) sum.inPeriod += credits;
    else sum.before += credits;
    days.set(day, sum);
  }
  return [...days.values()];
}
