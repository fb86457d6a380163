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
 * Seals anew what was sealed before sealings had names, so that no older ciphertext opens in its place any more. One
 * that is replaced meanwhile has a name already. One that does not open is counted, and left as it is.
 */
export async function resealKeys(
  services: ResealServices,
  wrapper: KeyWrapper,
): Promise<{ resealed: number; failed: number }> {
  const done = { resealed: 0, failed: 0 };
  for (let after = FIRST_ID; ; ) {
    const ids = await organizationsWithUnnamedSealing(services.database, after, BATCH);
    for (const id of ids) {
      const outcome = await resealKey(services, wrapper, id).catch(failedToOpen);
      if (outcome) done[outcome] += 1;
    }
    if (ids.length < BATCH) return done;
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
    // Another data key: it was replaced, or put under another master key, while this one was sealed.
    if (!config?.wrappedKey.equals(stored.wrappedKey)) return null;
    await updateByokConfig(transaction, config.id, {
      masterKeyId: sealed.masterKeyId,
      wrappedKey: sealed.wrapped,
      sealedAccessKeyId: sealed.accessKeyId,
      sealedSecretAccessKey: sealed.secretAccessKey,
      sealedSessionToken: sealed.sessionToken,
    });
    record({
      type: "byok.resealed",
      subjectId: config.id,
      summary: `The key ${config.accessKeyIdHint} was sealed anew; it is the same key.`,
      data: { sealing },
    });
    return "resealed" as const;
  });
}

function failedToOpen(error: unknown): "failed" {
  if (error instanceof UnopenableCredentials) return "failed";
  throw error;
}
