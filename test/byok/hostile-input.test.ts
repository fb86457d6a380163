import { readConfig } from "../../src/config/config";
import type { AwsCredentials, ByokKey } from "../../src/domain/byok";
import { createAwsBedrock } from "../../src/integrations/aws/aws-bedrock";
import { ByokWorld } from "../support/byok-world";
import { type Watched, watchConnections } from "../support/watch-connections";

let world: ByokWorld;
let watched: Watched;
beforeAll(async () => {
  world = await ByokWorld.start();
  watched = watchConnections();
});
afterAll(async () => {
  watched.stop();
  await world.stop();
});

/** Connections to other targets than the service and its database. */
function unexpectedConnections(): string[] {
  const own = [`127.0.0.1:${world.service.app.port}`, `localhost:${world.service.app.port}`];
  const { hostname, port } = new URL(world.service.databaseUrl);
  return watched.targets.filter((target) => ![...own, `${hostname}:${port}`].includes(target));
}

const HOSTILE_HOSTS = [
  ...["evil.example", "169.254.169.254", "127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "0"],
  ...["metadata.google.internal", "evil.example:8080", "user:password@evil.example", "evil.example/", "//evil.example"],
  ...["http://evil.example", "https://evil.example/x?y#z", "file:///etc/passwd", "evil。example", "еu-central-1"],
];
const HOSTILE_ENDINGS = [
  ...[".evil.example", ".evil.example#", "#", "#@evil.example", "?", "?x=.amazonaws.com", "/", "/../..", "\\evil"],
  ...["@evil.example", ":80", ":80@evil.example", "%2eevil.example", "%00", "\0", "\n", "\r\nHost: evil.example", "\t"],
  ...[" ", "\u00a0", "\u200b", "\u202e", "\ufeff", "\u0301", "。evil.example", "．evil.example", "%0d%0a", ";", ","],
];
const HOSTILE_REGIONS = [
  ...["", " ", ".", "..", "-", "*", "us-east-1,eu-west-1", "EU-CENTRAL-1", "eu_central_1", "eu-central-1-fips", "fips"],
  ...[
    "us-gov-west-1",
    "us-gov-east-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eusc-de-east-1",
  ],
  ...[
    "aws-global",
    "us-east-1-pseudo",
    "s3",
    "eu-central-9",
    "constructor",
    "__proto__",
    "toString",
    "x".repeat(100_000),
  ],
  ...HOSTILE_HOSTS,
  ...HOSTILE_HOSTS.map((host) => `eu-central-1.${host}`),
  ...HOSTILE_ENDINGS.map((ending) => `eu-central-1${ending}`),
  ...HOSTILE_ENDINGS.map((ending) => `${ending}eu-central-1`),
];

type Field = keyof ByokKey;
const A = "A".repeat(16);
const faults = (): Array<[Field, string[], object?]> => [
  ["region", HOSTILE_REGIONS],
  [
    "accessKeyId",
    [
      ...["", " ", "AKIA", "ASIA", `akia${A}`, `AIDA${A}`, `ABIA${A}`, `XAKIA${A}`, `AKIA${A.slice(1)}!`, `AKIA${A}\0`],
      ...["AKIA/../../../etc/passwd", `AKIA${A}/20260101/x`, `AKIA${A}\r\nHost: evil.example`, `AKIA${"А".repeat(16)}`],
      ...[`AKIA${"A".repeat(200)}`, `AKIA${"A".repeat(100_000)}`, `AKIA${A.toLowerCase()}`, `AKIA ${A}`, `AKIA${A}🙂`],
    ],
  ],
  [
    "secretAccessKey",
    [
      ...["", " ", "short", "x".repeat(129), "x".repeat(100_000), "with a space and more than sixteen characters"],
      ...[`${"a".repeat(40)}\0`, `${"a".repeat(20)}\r\nHost: evil.example`, `${"a".repeat(39)}é`, "\u202e".repeat(40)],
    ],
  ],
  ["sessionToken", ["a token of a long-term key", "x"]],
  [
    "sessionToken",
    ["line\r\nbreak", "nul\0", "x".repeat(8_193), "x".repeat(100_000), "emoji 🙂", "", " "],
    { accessKeyId: `ASIA${A}` },
  ],
  ["sessionTokenExpiresAt", [new Date(Date.now() + 1_000_000).toISOString()]],
  [
    "sessionTokenExpiresAt",
    [new Date(Date.now() - 1_000).toISOString(), "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    { accessKeyId: `ASIA${A}`, sessionToken: "token" },
  ],
  ["inferenceProfile", ["US", "APAC"]],
  ["inferenceProfile", ["EU", "APAC"], { region: "us-east-1" }],
  ["inferenceProfile", ["EU", "US"], { region: "ap-northeast-1" }],
  ["inferenceProfile", ["EU", "US", "APAC"], { region: "sa-east-1" }],
];

test("an invalid key, region or profile is refused with its path, is never quoted, and causes no connection", async () => {
  const account = await world.organization();
  const good = { ...world.aws.key(), region: "eu-central-1" };
  await world.tryOut(account, good);
  expect(unexpectedConnections()).toContain(new URL(world.aws.url).host);
  watched.targets.splice(0);
  const calls = world.aws.calls.length;
  for (const [field, values, rest] of faults()) {
    for (const value of values) {
      const key = { ...good, ...rest, [field]: value };
      const expected = { __typename: "Refusal", code: "INVALID_INPUT" };
      const tried = await world.tryOut(account, key);
      expect(tried).toMatchObject({ ...expected, path: [field] });
      const saved = await world.save(account, key);
      expect(saved).toMatchObject({ ...expected, path: ["credentials", field] });
      for (const { message = "" } of [tried, saved]) {
        expect(message).not.toContain(good.secretAccessKey);
        if (value.length > 8) expect(message).not.toContain(value);
      }
    }
  }
  expect(world.aws.calls.length).toBe(calls);
  expect(unexpectedConnections()).toEqual([]);
});

test("the refusal of a temporary key without a token, or of a region outside the profile, names what is missing", async () => {
  const account = await world.organization();
  const { accessKeyId, secretAccessKey } = world.aws.key("ASIA");
  expect(await world.save(account, { accessKeyId, secretAccessKey })).toMatchObject({
    ...{
      code: "INVALID_INPUT",
      path: ["credentials", "sessionToken"],
      message: expect.stringContaining("session token"),
    },
  });
  expect(await world.save(account, { ...world.aws.key(), inferenceProfile: "US" })).toMatchObject({
    message: expect.stringContaining("GLOBAL"),
  });
});

test("an invalid profile or date is refused before the key is read", async () => {
  const { id, owner } = await world.organization();
  const calls = world.aws.calls.length;
  const key = { organizationId: id, region: "eu-central-1", ...world.aws.key("ASIA") };
  for (const wrong of [
    ...["evil.example/", "us.", "global", "GLOBAL\n", "", "__proto__"].map((inferenceProfile) => ({
      inferenceProfile,
    })),
    ...["tomorrow", "", "2026-13-45T00:00:00Z", "+275760-09-13T00:00:00Z"].map((sessionTokenExpiresAt) => ({
      sessionTokenExpiresAt,
    })),
    ...[{ region: null }, { region: 1 }, { accessKeyId: ["AKIA"] }, { endpoint: "http://evil.example" }],
  ]) {
    const { errors } = await owner.ask(
      "mutation($credentials: ByokCredentialsInput!) { saveByokConfig(input: { credentials: $credentials }) { __typename } }",
      { credentials: { ...key, ...wrong } },
    );
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(JSON.stringify(errors)).not.toContain(key.secretAccessKey);
    expect(JSON.stringify(errors)).not.toContain(key.sessionToken);
  }
  expect(world.aws.calls.length).toBe(calls);
  expect(unexpectedConnections()).toEqual([]);
});

test("white space around a copied key is removed", async () => {
  const account = await world.organization();
  const { accessKeyId, secretAccessKey, sessionToken } = world.aws.key("ASIA");
  const padded = {
    accessKeyId: ` ${accessKeyId}\n`,
    secretAccessKey: `\t${secretAccessKey} `,
    sessionToken: `${sessionToken}\r\n`,
  };
  expect((await world.save(account, padded)).__typename).toBe("SaveByokConfigSuccess");
  expect(await world.access(account.workspaceId)).toMatchObject({ accessKeyId, secretAccessKey, sessionToken });
});

test("the AWS integration connects to known regions only", async () => {
  const bedrock = createAwsBedrock({ bedrock: null, sts: null }, ["anthropic.claude"]);
  const credentials: AwsCredentials = { accessKeyId: `AKIA${A}`, secretAccessKey: "s".repeat(40), sessionToken: null };
  const before = unexpectedConnections().length;
  for (const region of HOSTILE_REGIONS) {
    const key: ByokKey = { ...credentials, region, inferenceProfile: "GLOBAL", sessionTokenExpiresAt: null };
    expect((await bedrock.verify(key)).map(({ code }) => code)).toEqual(["UNKNOWN_REGION"]);
    await expect(bedrock.mintSession(credentials, region)).rejects.toMatchObject({ code: "UNKNOWN_REGION" });
  }
  expect(unexpectedConnections().length).toBe(before);
});

test("the service does not start with a model id that could be an address", () => {
  for (const id of [
    ...[
      "http://evil.example",
      "../../admin",
      "a/b",
      "model?x",
      "model#x",
      "evil.example:80/x",
      "mod el",
      "@evil",
      "ü.model",
    ],
    ...["%2e%2e", "model\r\nHost: evil.example", "x".repeat(200), "-", ","],
  ]) {
    expect(() => readConfig({ BEDROCK_MODELS: id })).toThrow(/^BEDROCK_MODELS: /);
  }
  expect(readConfig({ BEDROCK_MODELS: "a.b-1:0, c.d" }).bedrockModels).toEqual(["a.b-1:0", "c.d"]);
});
