import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { ByokKey } from "../../src/domain/byok";
import { createAwsBedrock } from "../../src/integrations/aws/aws-bedrock";
import { AwsStandIn } from "../support/aws-stand-in";
import { type Watched, watchConnections } from "../support/watch-connections";

// The settings of the platform's environment that could redirect an organization's calls or replace its key.
const MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0";
let aws: AwsStandIn;
let sink: http.Server;
let watched: Watched;
let directory: string;
const received: string[] = [];
const before = { ...process.env };

beforeAll(async () => {
  aws = await AwsStandIn.start();
  sink = http.createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify({ AccessKeyId: "AKIAPLATFORM", SecretAccessKey: "p", Token: "p" }));
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  directory = mkdtempSync(path.join(os.tmpdir(), "organizations-aws-"));
  const elsewhere = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  const settings = `region = us-gov-west-1\nendpoint_url = ${elsewhere}\nservices = all\nuse_fips_endpoint = true\n`;
  const services = ["sts", "bedrock", "bedrock_runtime"].map((name) => `${name} =\n  endpoint_url = ${elsewhere}\n`);
  const extra =
    "sdk_ua_app_id = platform\nmax_attempts = 9\nauth_scheme_preference = httpBearerAuth\ndefaults_mode = auto\n";
  const profile = (name: string) => `[${name}]\n${settings}${extra}`;
  const config = `${profile("default")}${profile("profile platform")}[services all]\n${services.join("")}`;
  writeFileSync(path.join(directory, "config"), config);
  writeFileSync(
    path.join(directory, "credentials"),
    "[default]\naws_access_key_id = AKIAPLATFORM\naws_secret_access_key = p\n[platform]\naws_access_key_id = AKIAPLATFORM\naws_secret_access_key = p\n",
  );
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "AKIAPLATFORM",
    AWS_SECRET_ACCESS_KEY: "platform",
    AWS_SESSION_TOKEN: "platform",
    AWS_BEARER_TOKEN_BEDROCK: "platform",
    AWS_PROFILE: "platform",
    AWS_REGION: "us-gov-west-1",
    AWS_DEFAULT_REGION: "us-gov-west-1",
    AWS_CONFIG_FILE: path.join(directory, "config"),
    AWS_SHARED_CREDENTIALS_FILE: path.join(directory, "credentials"),
    AWS_ENDPOINT_URL: elsewhere,
    AWS_ENDPOINT_URL_STS: elsewhere,
    AWS_ENDPOINT_URL_BEDROCK: elsewhere,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: elsewhere,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: elsewhere,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: elsewhere,
    AWS_WEB_IDENTITY_TOKEN_FILE: path.join(directory, "credentials"),
    AWS_ROLE_ARN: "arn:aws:iam::1:role/platform",
    AWS_STS_REGIONAL_ENDPOINTS: "legacy",
    AWS_USE_FIPS_ENDPOINT: "true",
    AWS_USE_DUALSTACK_ENDPOINT: "true",
    AWS_DEFAULTS_MODE: "auto",
    AWS_MAX_ATTEMPTS: "9",
    AWS_AUTH_SCHEME_PREFERENCE: "httpBearerAuth",
    AWS_SDK_UA_APP_ID: "platform",
    HTTP_PROXY: elsewhere,
    HTTPS_PROXY: elsewhere,
    ALL_PROXY: elsewhere,
  });
  watched = watchConnections({ refuseExternalConnections: true });
});
afterAll(async () => {
  watched.stop();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(directory, { recursive: true, force: true });
  await aws.stop();
  sink.closeAllConnections();
  await new Promise((resolve) => sink.close(resolve));
});

const keyOf = (kind: "AKIA" | "ASIA"): ByokKey => ({
  ...aws.key(kind),
  ...{ region: "eu-central-1", inferenceProfile: "EU", sessionTokenExpiresAt: null },
});

test("an organization's calls are signed with its own key and region, whatever the process's environment contains", async () => {
  const bedrock = createAwsBedrock({ bedrock: aws.url, sts: aws.url }, [MODEL]);
  for (const kind of ["AKIA", "ASIA"] as const) {
    const key = keyOf(kind);
    expect((await bedrock.verify(key)).filter(({ ok }) => !ok)).toEqual([]);
    if (kind === "AKIA") expect((await bedrock.mintSession(key, key.region)).accessKeyId).toMatch(/^ASIA/);
  }
  expect([...aws.regions]).toEqual(["eu-central-1"]);
  expect(aws.agents.join()).not.toContain("platform");
  expect(received).toEqual([]);
});

test("a key is sent only to AWS's addresses in its region, and a rejection is not retried", async () => {
  const key = keyOf("AKIA");
  watched.targets.splice(0);
  const nowhere = createAwsBedrock({ bedrock: null, sts: null }, [MODEL]);
  expect((await nowhere.verify(key)).map(({ code }) => code)).toEqual(["UNREACHABLE"]);
  await expect(nowhere.mintSession(key, key.region)).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(watched.targets).toEqual(Array(2).fill("sts.eu-central-1.amazonaws.com:443"));
  watched.targets.splice(0);
  await createAwsBedrock({ bedrock: null, sts: aws.url }, [MODEL]).verify(key);
  const integrations = watched.targets.filter((target) => target !== new URL(aws.url).host);
  expect(integrations.sort()).toEqual([
    "bedrock-runtime.eu-central-1.amazonaws.com:443",
    "bedrock-runtime.eu-central-1.amazonaws.com:443",
    "bedrock.eu-central-1.amazonaws.com:443",
  ]);
  expect(received).toEqual([]);
});

test("no connection stays open after a verification or a new session", async () => {
  const bedrock = createAwsBedrock({ bedrock: aws.url, sts: aws.url }, [MODEL]);
  const key = keyOf("AKIA");
  const former = aws.ends.length;
  expect((await bedrock.verify(key)).map(({ ok }) => ok)).toEqual([true, true, true]);
  await bedrock.mintSession(key, key.region);
  expect(aws.ends.length - former).toBeGreaterThan(3);
  await Promise.all(aws.ends);
});
