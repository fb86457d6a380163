import { type ByokCheckKind, isExpiryCode } from "../../domain/byok";

const POLICY = "Attach the policy from the 'byokPolicy' query to the key's user or role.";

const SENTENCES: Record<ByokCheckKind, Record<string, string>> = {
  CREDENTIALS: {
    UnrecognizedClientException: "AWS does not know this key. Check the access key ID, and that the key is active.",
    InvalidClientTokenId: "AWS does not know this key. Check the access key ID, and that the key is active.",
    SignatureDoesNotMatch: "The secret access key does not belong to this access key ID. Copy both again.",
    InvalidSignatureException: "The secret access key does not belong to this access key ID. Copy both again.",
    AccessDenied: `The key may not call sts:GetCallerIdentity. ${POLICY}`,
    AccessDeniedException: `The key may not call sts:GetCallerIdentity. ${POLICY}`,
  },
  MODEL_ACCESS: {
    AccessDeniedException: `The key may not look up the model's inference profile. ${POLICY}`,
    ResourceNotFoundException: "This profile does not offer the model in this region. Choose GLOBAL or another region.",
    ValidationException: "This profile does not offer the model in this region. Choose GLOBAL or another region.",
  },
  PERMISSIONS: {
    AccessDeniedException: `The key may not invoke the models, or the account has no access to them yet. ${POLICY} Then enable the models in the Bedrock console.`,
    AccessDenied: `The key may not call sts:GetSessionToken. ${POLICY}`,
    ResourceNotFoundException:
      "The account cannot invoke the models yet. Enable them for this region in the Bedrock console, and fill in the use case form there.",
  },
};

/** Explains a failed check to the Owner, with the next step. Never quotes AWS's message, which may name accounts. */
export function explainCheck(kind: ByokCheckKind, code: string): string {
  if (code === "TIMEOUT") return "AWS did not answer in time. Try again in a minute.";
  if (code === "UNREACHABLE" || code === "UNREADABLE_ANSWER") return "AWS could not be reached. Try again in a minute.";
  if (/^Throttl|^TooManyRequests/.test(code)) return "AWS is throttling this account's calls. Try again in a minute.";
  if (/^HTTP_5|^Internal|^ServiceUnavailable|^ServiceException|^ModelNotReady/.test(code))
    return "AWS has an internal problem. Try again in a minute.";
  if (isExpiryCode(code)) return "The session has expired. Create a new temporary key and save it here.";
  return SENTENCES[kind][code] ?? `AWS refused with ${code}. ${POLICY}`;
}
