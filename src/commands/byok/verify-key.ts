import type { AwsCredentials, ByokKey, ByokVerification } from "../../domain/byok";
import { Denied } from "../../domain/denial";
import type { KeyWrapper } from "../../integrations/keys/key-wrapper";
import { open, type SealedCredentials, UnopenableCredentials } from "../../integrations/keys/sealer";
import { type ByokConfigView, type SealedConfig, sealedConfigOf } from "../../store/views/byok";
import type { Services } from "../runner/unit-of-work";

/** Verifies a key against AWS. Takes seconds, so never call it inside a transaction. */
export async function verifyKey({ integrations, clock }: Services, key: ByokKey): Promise<ByokVerification> {
  const checks = await integrations.bedrock.verify(key);
  return { ok: checks.every(({ ok }) => ok), checkedAt: clock.now(), checks };
}

/**
 * Verifies a key for a person. Rate limited, because attackers could otherwise test stolen keys from this service's
 * address. Throws RATE_LIMITED.
 */
export async function verifyKeyFor(services: Services, personId: string, key: ByokKey): Promise<ByokVerification> {
  const wait = services.integrations.verifications.take(personId, services.clock.now());
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    throw new Denied("RATE_LIMITED", `Too many key checks. Try again in ${seconds} seconds.`, seconds);
  }
  return await verifyKey(services, key);
}

/** Returns an organization's configuration and its decrypted key, or null. Throws the errors of openConfig. */
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

/** Decrypts a stored key, if it is the one that was sealed last. Throws UnopenableCredentials. */
export async function openConfig(
  keyWrapper: KeyWrapper,
  organizationId: string,
  config: SealedConfig,
): Promise<AwsCredentials> {
  if (config.wasRemoved) {
    throw new UnopenableCredentials(`The key of organization ${organizationId} was removed, but is stored again.`);
  }
  return await open(keyWrapper, organizationId, sealedOf(config), config.sealing);
}

function sealedOf(config: SealedConfig): SealedCredentials {
  return {
    masterKeyId: config.masterKeyId,
    wrapped: config.wrappedKey,
    accessKeyId: config.sealedAccessKeyId,
    secretAccessKey: config.sealedSecretAccessKey,
    sessionToken: config.sealedSessionToken,
  };
}
