import type { AwsCredentials, ByokKey, ByokVerification } from "../../domain/byok";
import { Denied } from "../../domain/denial";
import type { KeyWrapper } from "../../integrations/keys/key-wrapper";
import { open, type SealedCredentials, UnopenableCredentials } from "../../integrations/keys/sealer";
import { type ByokConfigView, type SealedConfig, sealedConfigOf } from "../../store/views/byok";
import type { Services } from "../runner/unit-of-work";

/** Checks a key against AWS. Never inside a transaction: it may take seconds. */
export async function verifyKey({ integrations, clock }: Services, key: ByokKey): Promise<ByokVerification> {
  const checks = await integrations.bedrock.verify(key);
  return { ok: checks.every(({ ok }) => ok), checkedAt: clock.now(), checks };
}

/**
 * Checks a key in a person's name. Whoever may ask this without end could find out by us, and from our address, which
 * of the keys that they have found somewhere are good. Throws RATE_LIMITED.
 */
export async function verifyKeyFor(services: Services, personId: string, key: ByokKey): Promise<ByokVerification> {
  const wait = services.integrations.verifications.take(personId, services.clock.now());
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    throw new Denied("RATE_LIMITED", `You have had many keys checked. Try again in ${seconds} s.`, seconds);
  }
  return await verifyKey(services, key);
}

/** The stored key of an organization, opened, and its configuration; null where it has none. */
export async function openStoredKey(
  { database, integrations }: Services,
  organizationId: string,
): Promise<{ config: ByokConfigView & SealedConfig; key: ByokKey } | null> {
  const config = await sealedConfigOf(database, organizationId);
  if (!config) return null;
  const credentials = await openConfig(integrations.keyWrapper, organizationId, config);
  const { sessionTokenExpiresAt, region, inferenceProfile } = config;
  return { config, key: { ...credentials, sessionTokenExpiresAt, region, inferenceProfile } };
}

/** Opens what is stored, if it is what was sealed last. Throws UnopenableCredentials. */
export async function openConfig(
  keyWrapper: KeyWrapper,
  organizationId: string,
  config: SealedConfig,
): Promise<AwsCredentials> {
  if (config.wasRemoved) {
    throw new UnopenableCredentials(`The key of organization ${organizationId} was removed, and is stored again.`);
  }
  return await open(keyWrapper, organizationId, sealedOf(config), config.sealing);
}

/** What is sealed, as the sealer takes it. */
function sealedOf(config: SealedConfig): SealedCredentials {
  return {
    masterKeyId: config.masterKeyId,
    wrapped: config.wrappedKey,
    accessKeyId: config.sealedAccessKeyId,
    secretAccessKey: config.sealedSecretAccessKey,
    sessionToken: config.sealedSessionToken,
  };
}
