import { keepVerification } from "../commands/judge-byok";
import { changeOrganization } from "../commands/run";
import type { OrganizationScope, Services } from "../commands/scope";
import { openStoredKey, verifyKey } from "../commands/verify-key";
import { byokStatusOf, EXPIRY_NOTICE_HOURS, isInUse } from "../domain/byok";
import { isNotFound } from "../domain/denial";
import { storedPlan } from "../domain/plan";
import { UnopenableCredentials } from "../gateways/sealer";
import { byokConfigOf, organizationsOnOwnKeys, organizationsWithEndingKeys, updateByokConfig } from "../store/byok";
import { sendNotices } from "../store/jobs";
import { ownerIds } from "../store/owners";

const HOUR_MS = 60 * 60 * 1000;
const BATCH = 200;
const AT_ONCE = 8;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
/** The steps of a temporary key's end: its notices, and the end itself. */
const STEPS = [...EXPIRY_NOTICE_HOURS, 0];

/** Tells the Owners of temporary keys that these end: a day before, an hour before, and when they have. */
export async function sweepExpiringKeys(services: Services): Promise<void> {
  const now = services.clock.now();
  for (const [step, hours] of STEPS.entries()) {
    const before = new Date(now.getTime() + hours * HOUR_MS);
    const ids = await organizationsWithEndingKeys(services.database, before, step + 1, BATCH);
    for (const id of ids) await unlessPurged(changeOrganization(services, id, tellOfEnd));
  }
}

async function tellOfEnd(scope: OrganizationScope): Promise<void> {
  const { transaction, organization, now, record, enqueue } = scope;
  const config = await byokConfigOf(transaction, organization.id);
  const { sessionTokenExpiresAt: end = null } = config ?? {};
  if (!config || !end) return;
  const reached = STEPS.filter((hours) => end.getTime() - now.getTime() <= hours * HOUR_MS).length;
  if (reached <= config.expiryNotices) return;
  await updateByokConfig(transaction, config.id, { expiryNotices: reached });
  const isOver = reached === STEPS.length;
  const summary = isOver
    ? `The temporary key ${config.accessKeyIdHint} has expired.`
    : `The temporary key ${config.accessKeyIdHint} expires on ${end.toISOString()}.`;
  const data = { accessKeyIdHint: config.accessKeyIdHint, expiresAt: end.toISOString() };
  record({ type: isOver ? "byok.expired" : "byok.expiring", subjectId: config.id, summary, data });
  const notice = {
    subject: isOver ? "Your organization's AWS key has expired" : "Your organization's AWS key expires soon",
    paragraphs: [summary, "Make a new temporary key in AWS and bring it: the old one goes on until it ends."],
    page: `/organizations/${organization.id}/byok`,
  };
  for (const job of sendNotices(organization.id, await ownerIds(transaction, organization.id), notice)) enqueue(job);
}

/** Checks every key in use against AWS, once a day, some at a time. */
export async function verifyAllKeys(services: Services): Promise<void> {
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsOnOwnKeys(services.database, after, BATCH);
    const waiting = [...ids];
    const verifyNext = async () => {
      for (let id = waiting.pop(); id; id = waiting.pop()) await verifyStoredKey(services, id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, verifyNext));
    if (ids.length < BATCH) return;
    after = ids.at(-1) ?? after;
  }
}

async function verifyStoredKey(services: Services, organizationId: string): Promise<void> {
  try {
    const stored = await openStoredKey(services, organizationId);
    if (!stored) return;
    const { version, planCode } = stored.config;
    // What nobody runs on, because its time or its plan is over, is nothing to worry its Owners with.
    if (!isInUse(byokStatusOf(stored.config, storedPlan(planCode).byok, services.clock.now()))) return;
    const verification = await verifyKey(services, stored.key);
    await unlessPurged(
      changeOrganization(services, organizationId, async (scope) => {
        const config = await byokConfigOf(scope.transaction, organizationId);
        if (config?.version === version) await keepVerification(scope, config, verification);
      }),
    );
  } catch (error) {
    // One key that does not open must not keep the others from being checked.
    if (!(error instanceof UnopenableCredentials)) throw error;
    services.outside.alarm(error);
  }
}

async function unlessPurged(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
