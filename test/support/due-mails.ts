import { sweepAccessReviews } from "../../src/jobs/access-reviews";
import { sweepExpiringKeys } from "../../src/jobs/byok";
import { sweepMonthOfCreditAlerts, sweepSubscriptions } from "../../src/jobs/sweep";
import { sweepWorkspaceAccess } from "../../src/jobs/workspace-access";
import type { Account, BilledService } from "./billed-service";
import { mutate } from "./ending-access";

const DAY_MS = 86_400_000;

/** The subjects of the mails for which `accountWithDueMails` is due. */
export const DUE_MAILS = [
  "The access review of Acme is due soon",
  "Your CloudThinker credits are used up",
  "Your organization's AWS key expires soon",
  "Your plan stays Standard",
];

// The period ends with a scheduled plan that is too small, and began so long ago that a credit month ended in between.
const DUE = [
  `UPDATE organization_subscription SET plan_code = 'STANDARD', started_at = now() - interval '45 days',
     current_period_start = now() - interval '45 days', current_period_end = now() + interval '1 day'
   WHERE organization_id = $1`,
  "UPDATE access_review SET due_at = now() + interval '12 hours', reminders = 0 WHERE organization_id = $1",
  `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, session_token_expires_at, region,
     inference_profile, fallback, enabled, version, master_key_id, wrapped_key, sealed_access_key_id,
     sealed_secret_access_key, created_at, updated_at)
   VALUES (gen_random_uuid(), $1, 'ASIA…AAAA', true, now() + interval '12 hours', 'us-east-1',
     'GLOBAL', 'DENY', true, gen_random_uuid(), 'test', '', '', '', now(), now())`,
  // Too long ago for the job that runs every minute.
  "INSERT INTO usage_hour VALUES ($1, date_trunc('hour', now()) - interval '3 hours', $1, 600, 1, 0)",
  "INSERT INTO usage_day VALUES ($1, (now() AT TIME ZONE 'UTC' - interval '3 hours')::date, now(), 600)",
];
const END_PERIOD = `
  UPDATE organization_subscription SET scheduled_plan_code = 'STARTER', scheduled_interval = 'MONTHLY',
    current_period_end = now() WHERE organization_id = $1`;

/** An account whose Owner is due for a mail of each kind that has its day. */
export async function accountWithDueMails(billed: BilledService): Promise<Account> {
  const account = await billed.account();
  const { owner, id } = account;
  const dueAt = new Date(Date.now() + 30 * DAY_MS).toISOString();
  await mutate(owner.ask, "startAccessReview", `organizationId: "${id}", name: "Q1", dueAt: "${dueAt}"`);
  const { dataSource } = billed.service.app.services.database;
  for (const statement of DUE) await dataSource.query(statement, [id]);
  await mutate(owner.ask, "createWorkspace", `organizationId: "${id}", name: "Second", cloudProvider: AWS`);
  await dataSource.query(END_PERIOD, [id]);
  return account;
}

/** Runs every job that finds what has become due. */
export async function sweepDue({ service }: BilledService): Promise<void> {
  const { services } = service.app;
  const sweeps = [sweepWorkspaceAccess, sweepExpiringKeys, sweepAccessReviews, sweepSubscriptions];
  for (const sweep of [...sweeps, sweepMonthOfCreditAlerts]) await sweep(services);
}

/** The subjects of all mails to an account's Owner. */
export function subjectsTo({ service }: BilledService, { owner }: Account): string[] {
  return service.mailer.sent.flatMap(({ to, subject }) => (to === owner.email ? [subject] : [])).sort();
}
