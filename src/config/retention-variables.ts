import { z } from "zod";
import { DEFAULT_RETENTION, LEAST_DAYS, type Retention } from "../domain/retention";

const MOST_DAYS = 36_500;
const days = (kind: keyof Retention) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,5}$/.test(text) && Number(text) >= LEAST_DAYS[kind] && Number(text) <= MOST_DAYS,
      `expected days, ${LEAST_DAYS[kind]} to ${MOST_DAYS}`,
    )
    .optional();

/** The variables that limit how long data is kept, in days. */
export const RETENTION_VARIABLES = {
  FORMER_MEMBER_RETENTION_DAYS: days("formerMembers"),
  INVITATION_RETENTION_DAYS: days("invitations"),
  USAGE_RETENTION_DAYS: days("usage"),
  ACCESS_REVIEW_RETENTION_DAYS: days("accessReviews"),
  EVENT_RETENTION_DAYS: days("events"),
};

export function retentionOf(env: z.infer<z.ZodObject<typeof RETENTION_VARIABLES>>): Retention {
  const daysOf = (text: string | undefined) => (text === undefined ? null : Number(text));
  return {
    formerMembers: daysOf(env.FORMER_MEMBER_RETENTION_DAYS) ?? DEFAULT_RETENTION.formerMembers,
    invitations: daysOf(env.INVITATION_RETENTION_DAYS),
    usage: daysOf(env.USAGE_RETENTION_DAYS),
    accessReviews: daysOf(env.ACCESS_REVIEW_RETENTION_DAYS),
    events: daysOf(env.EVENT_RETENTION_DAYS),
  };
}
