import { recordVerification } from "../commands/byok/byok-health";
import { openStoredKey, verifyKey } from "../commands/byok/verify-key";
import { notifyOwners } from "../commands/organization/notify-owners";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { byokStatusOf, EXPIRY_NOTICE_HOURS, isInUse } from "../domain/byok";
import { storedPlan } from "../domain/plan";
import { MasterKeyMissing, MasterKeyUnavailable } from "../integrations/keys/key-wrapper";
import { UnopenableCredentials } from "../integrations/keys/sealer";
import { byokConfigOf, organizationsOnOwnKeys, organizationsWithEndingKeys, updateByokConfig } from "../store/byok";
import { changeUnlessPurged } from "./change-unless-purged";
import { forEach } from "./for-each";

const HOUR_MS = 60 * 60 * 1000;
const BATCH = 200;
const PARALLEL_CHECKS = 8;
/** After 8 failures the outage is not limited to single keys, so the job stops. */
const MAX_OUTAGES = 8;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
/** Hours before a temporary key's end at which the Owners get a mail; 0 is the end itself. */
const STEPS = [...EXPIRY_NOTICE_HOURS, 0];

/** Mails the Owners of temporary keys a day before the keys expire, an hour before, and once they have expired. */
export async function sweepExpiringKeys(services: Services): Promise<void> {
  const now = services.clock.now();
  for (const [step, hours] of STEPS.entries()) {
    const before = new Date(now.getTime() + hours * HOUR_MS);
    const seen = new Set<string>();
    for (;;) {
      const ids = await organizationsWithEndingKeys(services.database, before, step + 1, BATCH);
      const unseen = ids.filter((id) => !seen.has(id));
      for (const id of unseen) seen.add(id);
      await forEach(unseen, (id) => changeUnlessPurged(services, id, notifyExpiry));
      if (ids.length < BATCH || unseen.length === 0) break;
    }
  }
}

async function notifyExpiry(unit: OrganizationUnitOfWork): Promise<void> {
  const { transaction, organization, now, record } = unit;
  const config = await byokConfigOf(transaction, organization.id);
  const { sessionTokenExpiresAt: end = null } = config ?? {};
  if (!config || !end) return;
  const reached = STEPS.filter((hours) => end.getTime() - now.getTime() <= hours * HOUR_MS).length;
  if (reached <= config.expiryNotices) return;
  await updateByokConfig(transaction, organization.id, { expiryNotices: reached });
  const isOver = reached === STEPS.length;
  const summary = isOver
    ? `The temporary key ${config.accessKeyIdHint} has expired.`
    : `The temporary key ${config.accessKeyIdHint} expires on ${end.toISOString()}.`;
  const data = { accessKeyIdHint: config.accessKeyIdHint, expiresAt: end.toISOString() };
  record({ type: isOver ? "byok.expired" : "byok.expiring", subjectId: config.id, summary, data });
  const notice = {
    subject: isOver ? "Your organization's AWS key has expired" : "Your organization's AWS key expires soon",
    paragraphs: [
      summary,
      "Create a new temporary key in AWS and save it in CloudThinker. The old key works until it expires.",
    ],
    page: `/organizations/${organization.id}/byok`,
  };
  await notifyOwners(unit, notice);
}

/**
 * Verifies every key in use against AWS once a day, 8 at a time. An outage of the master key does not mean that a key
 * is bad, so these keys stay as they are and the job fails, to be retried.
 */
export async function verifyAllKeys(services: Services): Promise<void> {
  const outages: MasterKeyUnavailable[] = [];
  for (let after = FIRST_ID; outages.length < MAX_OUTAGES; ) {
    const ids = await organizationsOnOwnKeys(services.database, after, BATCH);
    const waiting = [...ids];
    const verifyNext = async () => {
      for (let id = waiting.pop(); id && outages.length < MAX_OUTAGES; id = waiting.pop()) {
        const outage = await verifyStoredKey(services, id);
        if (outage) outages.push(outage);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_CHECKS }, verifyNext));
    if (ids.length < BATCH) break;
    after = ids.at(-1) ?? after;
  }
  if (outages[0])
    throw new Error(`The master key was unavailable for at least ${outages.length} keys.`, { cause: outages[0] });
}

/** Verifies one key; returns the error if the master key is unavailable. */
async function verifyStoredKey(services: Services, organizationId: string): Promise<MasterKeyUnavailable | undefined> {
  try {
    const stored = await openStoredKey(services, organizationId);
    if (!stored) return undefined;
    const { version, planCode } = stored.config;
    // Owners get no mail about a key that is not in use, because it is paused or expired or the plan has no BYOK.
    if (!isInUse(byokStatusOf(stored.config, storedPlan(planCode).byok, services.clock.now()))) return undefined;
    const verification = await verifyKey(services, stored.key);
    await changeUnlessPurged(services, organizationId, async (unit) => {
      const config = await byokConfigOf(unit.transaction, organizationId);
      if (config?.version === version) await recordVerification(unit, config, verification);
    });
  } catch (error) {
    // One broken key must not stop the verification of the others.
    if (error instanceof UnopenableCredentials || error instanceof MasterKeyMissing) services.integrations.alarm(error);
    else if (error instanceof MasterKeyUnavailable) return error;
    else throw error;
  }
  return undefined;
}
