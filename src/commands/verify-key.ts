import type { ByokKey, ByokVerification } from "../domain/byok";
import { isCredentialCode, isExpiryCode } from "../domain/byok";
import { open, type SealedCredentials } from "../gateways/sealer";
import { type ByokConfigView, type SealedConfig, sealedConfigOf } from "../store/views/byok";
import type { Services } from "./scope";

/** Checks a key against AWS. Never inside a transaction: it may take seconds. */
export async function verifyKey({ outside, clock }: Services, key: ByokKey): Promise<ByokVerification> {
  const checks = await outside.bedrock.verify(key);
  return { ok: checks.every(({ ok }) => ok), checkedAt: clock.now(), checks };
}

/** The stored key of an organization, opened, and its configuration; null where it has none. */
export async function openStoredKey(
  { database, outside }: Services,
  organizationId: string,
): Promise<{ config: ByokConfigView & SealedConfig; key: ByokKey } | null> {
  const config = await sealedConfigOf(database, organizationId);
  if (!config) return null;
  const credentials = await open(outside.keyWrapper, organizationId, sealedOf(config));
  const { sessionTokenExpiresAt, region, inferenceProfile } = config;
  return { config, key: { ...credentials, sessionTokenExpiresAt, region, inferenceProfile } };
}

/** What is sealed, as the sealer takes it. */
export function sealedOf(config: SealedConfig): SealedCredentials {
  return {
    masterKeyId: config.masterKeyId,
    wrapped: config.wrappedKey,
    accessKeyId: config.sealedAccessKeyId,
    secretAccessKey: config.sealedSecretAccessKey,
    sessionToken: config.sealedSessionToken,
  };
}

/** Whether a verification failed for a reason that lies in the key, so that calls on it are failing too. */
export function speaksAgainstKey({ ok, checks }: ByokVerification): boolean {
  return (
    !ok && checks.some((check) => check.code !== null && (isCredentialCode(check.code) || isExpiryCode(check.code)))
  );
}
