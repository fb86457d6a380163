import { v7 as newId } from "uuid";
import type { ByokConfig } from "../../../entities/byok-config";
import {
  assertPlanHasByok,
  type ByokFallback,
  type ByokKey,
  type ByokVerification,
  hintOf,
  isTemporaryKey,
} from "../../domain/byok";
import { parseByokKey } from "../../domain/byok-key";
import { storedPlan } from "../../domain/plan";
import { type SealedCredentials, seal } from "../../integrations/keys/sealer";
import { byokConfigOf, insertByokConfig, updateByokConfig } from "../../store/byok";
import { memberCommand } from "../runner/command";
import { verifyKeyFor } from "./verify-key";

export interface SaveByokConfigInput extends ByokKey {
  organizationId: string;
  fallback: ByokFallback;
}

export type SaveByokConfigOutcome =
  | { kind: "saved"; organizationId: string }
  | { kind: "failed"; verification: ByokVerification };

interface Prepared {
  key: ByokKey;
  verification: ByokVerification;
  sealed: SealedCredentials | null;
  /** The id of the sealing, which the event records, so that an older ciphertext cannot be put in its place. */
  sealing: string;
}

/**
 * Verifies a key, and stores it only if all checks pass; a previous key stays in use until then. Throws UNAVAILABLE
 * during an outage of the master key.
 */
export const saveByokConfig = memberCommand<SaveByokConfigInput, SaveByokConfigOutcome, Prepared>({
  permission: "CONFIGURE_BYOK",
  prepare: async (services, { planCode, userId }, input) => {
    assertPlanHasByok(storedPlan(planCode));
    const key = parseByokKey(input, services.clock.now(), "credentials");
    const verification = await verifyKeyFor(services, userId, key);
    const sealing = newId();
    const sealed = verification.ok
      ? await seal(services.integrations.keyWrapper, input.organizationId.toLowerCase(), key, sealing)
      : null;
    return { key, verification, sealed, sealing };
  },
  run: async (unit, { fallback }, { key, verification, sealed, sealing }) => {
    const { transaction, organization, membership, now, record } = unit;
    assertPlanHasByok(storedPlan(membership.planCode));
    if (!sealed) return { kind: "failed", verification };
    const before = await byokConfigOf(transaction, organization.id);
    const config = {
      accessKeyIdHint: hintOf(key.accessKeyId),
      isTemporary: isTemporaryKey(key.accessKeyId),
      sessionTokenExpiresAt: key.sessionTokenExpiresAt,
      region: key.region,
      inferenceProfile: key.inferenceProfile,
      fallback,
      enabled: true,
      version: newId(),
      masterKeyId: sealed.masterKeyId,
      wrappedKey: sealed.wrapped,
      sealedAccessKeyId: sealed.accessKeyId,
      sealedSecretAccessKey: sealed.secretAccessKey,
      sealedSessionToken: sealed.sessionToken,
      lastVerification: verification,
      failures: 0,
      failuresSince: null,
      failingSince: null,
      expiryNotices: 0,
      updatedAt: now,
    };
    const id = before?.id ?? newId();
    if (before) await updateByokConfig(transaction, organization.id, config);
    else await insertByokConfig(transaction, { ...config, id, organizationId: organization.id, createdAt: now });
    record({
      type: before ? "byok.rotated" : "byok.configured",
      subjectId: id,
      summary: `LLM calls use the key ${config.accessKeyIdHint} in ${config.region}.`,
      data: {
        ...(before && { before: settingsForEvent(before) }),
        after: settingsForEvent(config),
        sealing,
      },
    });
    return { kind: "saved", organizationId: organization.id };
  },
});

type Settings = Pick<ByokConfig, "accessKeyIdHint" | "region" | "inferenceProfile" | "fallback">;

function settingsForEvent({ accessKeyIdHint, region, inferenceProfile, fallback }: Settings): Settings {
  return { accessKeyIdHint, region, inferenceProfile, fallback };
}
