import { BEDROCK_REGIONS, type ByokKey, type InferenceProfile, isTemporaryKey } from "./byok";
import { invalidInput } from "./refusal";

/** The regions from which each inference profile can be called. */
const REGIONS_OF_PROFILE: Record<InferenceProfile, RegExp> = {
  GLOBAL: /./,
  US: /^(us|ca)-/,
  EU: /^eu-/,
  APAC: /^ap-/,
};

const MAX_TOKEN_LENGTH = 8_192;

/**
 * Trims and checks a key. `AKIA…` is long-term and has no session token; `ASIA…` is temporary and needs one (product
 * rule, BYOK). Refuses INVALID_INPUT without quoting the input; `path` leads to the key within the input.
 */
export function parseByokKey(key: ByokKey, now: Date, ...path: string[]): ByokKey {
  const parsed = {
    ...key,
    accessKeyId: key.accessKeyId.trim(),
    secretAccessKey: key.secretAccessKey.trim(),
    sessionToken: key.sessionToken?.trim() || null,
    sessionTokenExpiresAt: key.sessionTokenExpiresAt ?? null,
  };
  const fault = secretFault(parsed) ?? tokenFault(parsed) ?? expiryFault(parsed, now) ?? regionFault(parsed);
  if (fault) throw invalidInput(fault.message, ...path, fault.field);
  return parsed;
}

/** The first field that is wrong, and why. */
type KeyFault = { field: keyof ByokKey; message: string } | undefined;

function secretFault({ accessKeyId, secretAccessKey }: ByokKey): KeyFault {
  if (!/^(AKIA|ASIA)[A-Z0-9]{12,124}$/.test(accessKeyId)) {
    const message = "An access key ID starts with AKIA or ASIA and has only capital letters and digits. Copy it again.";
    return { field: "accessKeyId", message };
  }
  if (/^[A-Za-z0-9/+=]{16,128}$/.test(secretAccessKey)) return undefined;
  const message = "A secret access key has 40 letters, digits, slashes and pluses. Copy it again.";
  return { field: "secretAccessKey", message };
}

function tokenFault({ accessKeyId, sessionToken }: ByokKey): KeyFault {
  const field = "sessionToken";
  const isTemporary = isTemporaryKey(accessKeyId);
  if (!sessionToken) {
    return isTemporary ? { field, message: "A temporary key (ASIA…) needs its session token. Add it." } : undefined;
  }
  if (!isTemporary) return { field, message: "A long-term key (AKIA…) has no session token. Leave it out." };
  if (sessionToken.length <= MAX_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(sessionToken)) return undefined;
  return { field, message: "This is not a session token. Copy it again." };
}

function expiryFault({ accessKeyId, sessionTokenExpiresAt: expiresAt }: ByokKey, now: Date): KeyFault {
  const field = "sessionTokenExpiresAt";
  if (!expiresAt) return undefined;
  if (!isTemporaryKey(accessKeyId)) return { field, message: "A long-term key does not expire. Leave the expiry out." };
  return expiresAt <= now ? { field, message: "The session token has expired. Use a new temporary key." } : undefined;
}

function regionFault({ region, inferenceProfile }: ByokKey): KeyFault {
  if (!BEDROCK_REGIONS.includes(region)) {
    return { field: "region", message: "This is not a commercial AWS region. Use one such as us-east-1." };
  }
  if (REGIONS_OF_PROFILE[inferenceProfile].test(region)) return undefined;
  const message = `The profile ${inferenceProfile} cannot be called from this region. Use GLOBAL or another region.`;
  return { field: "inferenceProfile", message };
}
