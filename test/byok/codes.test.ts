import { isCredentialCode, isExpiryCode, rejectionIn } from "../../src/domain/byok";
import { awsDeadline, CALL_LIMITS, callAws } from "../../src/integrations/aws/call";

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

describe("a call to AWS", () => {
  const deadline = new AbortController().signal;
  afterEach(() => jest.restoreAllMocks());

  /** Calls with this failure. Returns the code, and how often AWS was called. */
  async function outcome(failure: unknown): Promise<[string, number]> {
    const timer = {} as NodeJS.Timeout;
    jest.spyOn(globalThis, "setTimeout").mockImplementation((tick) => {
      tick();
      return timer;
    });
    const call = jest.fn(() => Promise.reject(failure));
    const error = await callAws(call, deadline).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AwsError", message: `AWS: ${(error as { code: string }).code}` });
    return [(error as { code: string }).code, call.mock.calls.length];
  }

  const failed = (parts: object, message = "for arn:aws:iam::123456789012:user/llm") =>
    Object.assign(new Error(message), parts);

  test.each([
    ...["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"],
    "RequestThrottledException",
  ])("that is throttled with %s is made three times", async (name) => {
    expect(await outcome(failed({ name }))).toEqual([name, 3]);
  });

  test.each<[string, unknown]>([
    ["AccessDeniedException", failed({ name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } })],
    ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EPIPE", "EHOSTUNREACH", "EAI_AGAIN"].map(
      (code): [string, unknown] => ["UNREACHABLE", failed({ name: "TimeoutError", code })],
    ),
    ["UNREACHABLE", failed({}, "socket hang up")],
    ["TIMEOUT", failed({ name: "TimeoutError" })],
    ["TIMEOUT", failed({ name: "AbortError" })],
    ["TIMEOUT", failed({ code: "ETIMEDOUT" })],
    ["UNREADABLE_ANSWER", new SyntaxError("Unexpected token <")],
    ["UNREADABLE_ANSWER", failed({ name: "TypeError" })],
    ["UNREADABLE_ANSWER", failed({ name: "Unknown", $metadata: { httpStatusCode: 399 } })],
    ["HTTP_400", failed({ name: "Unknown", $metadata: { httpStatusCode: 400 } })],
    ["HTTP_503", failed({ name: "UnknownError", $metadata: { httpStatusCode: 503 } })],
    ["HTTP_502", failed({ name: "arn:aws:iam", $metadata: { httpStatusCode: 502 } })],
  ])("that fails with %s is made once", async (code, failure) => {
    expect(await outcome(failure)).toEqual([code, 1]);
  });

  test("has four seconds, and all calls of one check eight", async () => {
    const limits = jest.spyOn(AbortSignal, "timeout");
    await callAws(async () => "answer", awsDeadline());
    expect(limits.mock.calls).toEqual([[8_000], [4_000]]);
    expect(CALL_LIMITS).toEqual({ connectionTimeout: 2_000, requestTimeout: 4_000, socketTimeout: 4_000 });
  });

  test("that is throttled is repeated after a pause, which is longer the second time", async () => {
    const pauses = jest.spyOn(globalThis, "setTimeout");
    jest.spyOn(Math, "random").mockReturnValue(0);
    await outcome(failed({ name: "Throttling" }));
    expect(pauses.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([150, 300]);
  });

  test("is not made after the deadline", async () => {
    const call = jest.fn(() => new Promise<never>(() => undefined));
    const over = AbortSignal.abort(new DOMException("The time has passed.", "TimeoutError"));
    await expect(callAws(call, over)).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(call).not.toHaveBeenCalled();
  });
});
