import { type ByokCheckKind, isExpiryCode } from "../../domain/byok";

const POLICY = "Attach the policy that 'byokPolicy' gives to the key's user or role.";

const SENTENCES: Record<ByokCheckKind, Record<string, string>> = {
  CREDENTIALS: {
    UnrecognizedClientException: "AWS does not know this key. Check the access key ID, and that the key is active.",
    InvalidClientTokenId: "AWS does not know this key. Check the access key ID, and that the key is active.",
    SignatureDoesNotMatch: "The secret access key does not belong to this access key ID. Copy both again.",
    InvalidSignatureException: "The secret access key does not belong to this access key ID. Copy both again.",
    AccessDenied: `The key may not ask who it is. ${POLICY}`,
    AccessDeniedException: `The key may not ask who it is. ${POLICY}`,
  },
  MODEL_ACCESS: {
    AccessDeniedException: `The key may not look up the model's inference profile. ${POLICY}`,
    ResourceNotFoundException: "This profile does not have the model in this region. Choose GLOBAL, or another region.",
    ValidationException: "This profile does not have the model in this region. Choose GLOBAL, or another region.",
  },
  PERMISSIONS: {
    AccessDeniedException: `The key may not invoke the models, or the account has no access to them yet. ${POLICY} Then enable the models in Bedrock's console.`,
    AccessDenied: `The key may not ask for short sessions (sts:GetSessionToken). ${POLICY}`,
    ResourceNotFoundException:
      "The account cannot invoke the models yet. Enable them in Bedrock's console, in this region, and say there what they are for.",
  },
};

/** What a failed check asks of the Owner, in one or two sentences. Never quotes AWS, whose words may name accounts. */
export function explainCheck(kind: ByokCheckKind, code: string): string {
  if (code === "TIMEOUT") return "AWS did not answer in time. Try again in a minute.";
  if (code === "UNREACHABLE" || code === "UNREADABLE_ANSWER")
    return "AWS could not be reached properly. Try again in a minute.";
  if (/^Throttl|^TooManyRequests/.test(code)) return "AWS is throttling this account's calls. Try again in a minute.";
  if (/^HTTP_5|^Internal|^ServiceUnavailable|^ServiceException|^ModelNotReady/.test(code))
    return "AWS has trouble of its own. Try again in a minute.";
  if (isExpiryCode(code)) return "The session has expired. Make a new temporary key and bring that one.";
  return SENTENCES[kind][code] ?? `AWS refused with ${code}. ${POLICY}`;
}
