import http from "node:http";
import { BedrockClient, GetInferenceProfileCommand } from "@aws-sdk/client-bedrock";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { AwsStandIn } from "../support/aws-stand-in";

// The other tests rely on this: the stand-in accepts no request that AWS would refuse.
interface Request {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
}

let aws: AwsStandIn;
beforeAll(async () => {
  aws = await AwsStandIn.start();
});
afterAll(() => aws.stop());

/** Sends one request by the SDK, changed after it was signed. Returns the status. */
async function statusOf(
  service: "sts" | "bedrock",
  change: (request: Request) => void,
  kind: "AKIA" | "ASIA" = "AKIA",
) {
  let status = 0;
  const handler = new NodeHttpHandler();
  const { handle } = handler;
  handler.handle = async (request, options) => {
    change(request as unknown as Request);
    const answer = await handle.call(handler, request, options);
    status = answer.response.statusCode;
    return answer;
  };
  const { accessKeyId, secretAccessKey, sessionToken } = aws.key(kind);
  const config = {
    ...{ region: "eu-central-1", endpoint: aws.url, maxAttempts: 1, requestHandler: handler },
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  };
  const profile = { inferenceProfileIdentifier: "eu.anthropic.claude:0" };
  const sending =
    service === "sts"
      ? new STSClient(config).send(new GetCallerIdentityCommand({}))
      : new BedrockClient(config).send(new GetInferenceProfileCommand(profile));
  await sending.catch(() => undefined);
  return status;
}

const signedAgain = (from: RegExp, to: string) => (request: Request) => {
  request.headers.authorization = (request.headers.authorization ?? "").replace(from, to);
};

test("an unchanged request of the SDK is accepted", async () => {
  for (const kind of ["AKIA", "ASIA"] as const) {
    expect(await statusOf("sts", () => {}, kind)).toBe(200);
    expect(await statusOf("bedrock", () => {}, kind)).toBe(200);
  }
});

test.each<[string, "sts" | "bedrock", (request: Request) => void]>([
  ["the path", "bedrock", (request) => (request.path = request.path.replace("eu.", "us."))],
  ["the query", "bedrock", (request) => (request.query.more = "1")],
  ["the method", "sts", (request) => (request.method = "PUT")],
  ["the body", "sts", (request) => (request.body = request.body.replace("2011", "2012"))],
  ["the time", "sts", (request) => (request.headers["x-amz-date"] = "20200101T000000Z")],
  ["the region of the scope", "sts", signedAgain(/eu-central-1/, "us-east-1")],
  ["the service of the scope", "bedrock", signedAgain(/\/bedrock\//, "/sts/")],
  ["the date of the scope", "sts", signedAgain(/\/\d{8}\//, "/20200101/")],
  ["the end of the scope", "sts", signedAgain(/aws4_request/, "aws4")],
  ["the signed headers", "sts", signedAgain(/SignedHeaders=/, "SignedHeaders=accept;")],
  ["a header that was signed", "sts", (request) => (request.headers["content-type"] = "text/plain")],
  ["a header that is not signed", "sts", (request) => (request.headers["x-amz-target"] = "x")],
  ["the signature", "sts", signedAgain(/Signature=./, "Signature=_")],
  ["the access key ID", "sts", signedAgain(/AKIA/, "AKIB")],
  ["the whole authorization", "sts", (request) => (request.headers.authorization = "Bearer platform")],
  ["the session token", "sts", (request) => (request.headers["x-amz-security-token"] = "another")],
])("a request is refused when %s differs", async (_name, service, change) => {
  expect(await statusOf(service, change)).toBe(403);
});

test("a temporary key is refused without its token, and with an unsigned token", async () => {
  const without = (request: Request) => {
    delete request.headers["x-amz-security-token"];
  };
  expect(await statusOf("sts", without, "ASIA")).toBe(403);
  expect(await statusOf("sts", signedAgain(/;x-amz-security-token/, ""), "ASIA")).toBe(403);
});

test("a request without a signature is refused", async () => {
  const status = await new Promise((resolve) => {
    http.get(`${aws.url}/inference-profiles/x`, (response) => resolve(response.statusCode));
  });
  expect(status).toBe(403);
});
