import type { ByokVerification } from "../../domain/byok";
import { Refused } from "../../domain/refusal";
import { MasterKeyMissing } from "../../integrations/keys/key-wrapper";
import { UnopenableCredentials } from "../../integrations/keys/sealer";
import { memberCommand } from "../runner/command";
import { recordVerification } from "./byok-health";
import { requireByokConfig } from "./require-byok-config";
import { openStoredKey, verifyKeyFor } from "./verify-key";

export interface VerifyByokConfigInput {
  organizationId: string;
}

/** Verifies the stored key against AWS again. Throws UNAVAILABLE during an outage of the master key. */
export const verifyByokConfig = memberCommand<
  VerifyByokConfigInput,
  { organizationId: string },
  { version: string; verification: ByokVerification }
>({
  permission: "CONFIGURE_BYOK",
  prepare: async (services, { userId }, { organizationId }) => {
    const stored = await openStoredKey(services, organizationId.toLowerCase()).catch((error: unknown) => {
      if (error instanceof MasterKeyMissing) services.integrations.alarm(error);
      if (!(error instanceof UnopenableCredentials)) throw error;
      services.integrations.alarm(error);
      throw new Refused("BYOK_VERIFICATION_FAILED", "The stored key cannot be decrypted. Save it again.");
    });
    if (!stored) throw new Refused("BYOK_NOT_CONFIGURED", "The organization has no AWS key. Save one first.");
    return { version: stored.config.version, verification: await verifyKeyFor(services, userId, stored.key) };
  },
  run: async (unit, _input, { version, verification }) => {
    const config = await requireByokConfig(unit);
    // The key may have been replaced since it was read.
    if (config.version === version) await recordVerification(unit, config, verification);
    return { organizationId: unit.organization.id };
  },
});
