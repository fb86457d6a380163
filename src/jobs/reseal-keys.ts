import { v7 as newId } from "uuid";
import { openConfig } from "../commands/byok/verify-key";
import { changeOrganization } from "../commands/runner/run";
import type { Services } from "../commands/runner/unit-of-work";
import type { KeyWrapper } from "../integrations/keys/key-wrapper";
import { seal, UnopenableCredentials } from "../integrations/keys/sealer";
import { byokConfigOf, updateByokConfig } from "../store/byok";
import { organizationsWithUnnamedSealing, sealedConfigOf } from "../store/views/byok";

const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

type ResealServices = Pick<Services, "database" | "mutex" | "clock" | "notifier">;

/**
 * Reseals keys from releases before sealings had ids, so that an older ciphertext can no longer take their place. A key
 * that an Owner replaces while this runs already has an id. A key that cannot be decrypted is counted as failed and
 * left as it is.
 */
export async function resealKeys(
  services: ResealServices,
  wrapper: KeyWrapper,
): Promise<{ resealed: number; failed: number }> {
  const counts = { resealed: 0, failed: 0 };
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsWithUnnamedSealing(services.database, after, BATCH);
    for (const id of ids) {
      const outcome = await resealKey(services, wrapper, id).catch(failedToOpen);
      if (outcome) counts[outcome] += 1;
    }
    if (ids.length < BATCH) return counts;
    after = ids.at(-1) ?? after;
  }
}

async function resealKey(services: ResealServices, wrapper: KeyWrapper, organizationId: string) {
  const stored = await sealedConfigOf(services.database, organizationId);
  if (!stored || stored.sealing !== null) return null;
  const credentials = await openConfig(wrapper, organizationId, stored);
  const sealing = newId();
  const sealed = await seal(wrapper, organizationId, credentials, sealing);
  return await changeOrganization(services, organizationId, async ({ transaction, record }) => {
    const config = await byokConfigOf(transaction, organizationId);
    // The key was replaced, or wrapped by another master key, since it was read.
    if (!config?.wrappedKey.equals(stored.wrappedKey)) return null;
    await updateByokConfig(transaction, organizationId, {
      masterKeyId: sealed.masterKeyId,
      wrappedKey: sealed.wrapped,
      sealedAccessKeyId: sealed.accessKeyId,
      sealedSecretAccessKey: sealed.secretAccessKey,
      sealedSessionToken: sealed.sessionToken,
    });
    record({
      type: "byok.resealed",
      subjectId: config.id,
      summary: `The stored key ${config.accessKeyIdHint} was encrypted again; the key itself is unchanged.`,
      data: { sealing },
    });
    return "resealed" as const;
  });
}

function failedToOpen(error: unknown): "failed" {
  if (error instanceof UnopenableCredentials) return "failed";
  throw error;
}
