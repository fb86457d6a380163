import { isCredentialCode, isExpiryCode, rejectionIn } from "../../src/domain/byok";

/** AWS's codes for a key that it refuses, repeated here on purpose. */
const CREDENTIAL = [
  ...["UnrecognizedClientException", "InvalidClientTokenId", "InvalidClientTokenIdException", "AccessDeniedException"],
  ...["AccessDenied", "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure", "IncompleteSignature"],
  ...["InvalidAccessKeyId", "MissingAuthenticationToken", "NotAuthorized", "OptInRequired"],
];
const EXPIRY = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];
/** Codes about the call, the time or AWS itself. */
const OTHERS = [
  ...["ThrottlingException", "Throttling", "TooManyRequestsException", "ServiceUnavailable", "InternalFailure"],
  ...["ValidationException", "ResourceNotFoundException", "ModelNotReadyException", "TIMEOUT", "UNREACHABLE"],
  ...["UNREADABLE_ANSWER", "HTTP_403", "HTTP_500", "accessdenied", ""],
];

const verificationWith = (kind: "CREDENTIALS" | "PERMISSIONS" | "MODEL_ACCESS", code: string) => ({
  ok: false,
  checkedAt: new Date(),
  checks: [{ kind, modelId: null, ok: false, code, message: null }],
});

test.each([...CREDENTIAL, ...EXPIRY, ...OTHERS])("%s is about the key, about its expiry, or about neither", (code) => {
  expect(isCredentialCode(code)).toBe(CREDENTIAL.includes(code));
  expect(isExpiryCode(code)).toBe(EXPIRY.includes(code));
  const rejects = [...CREDENTIAL, ...EXPIRY].includes(code) ? code : null;
  expect(rejectionIn(verificationWith("CREDENTIALS", code))).toBe(rejects);
  expect(rejectionIn(verificationWith("PERMISSIONS", code))).toBe(rejects);
  expect(rejectionIn(verificationWith("MODEL_ACCESS", code))).toBeNull();
});
