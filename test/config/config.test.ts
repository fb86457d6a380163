import { InvalidConfiguration, readConfig } from "../../src/config/config";
import { Environment } from "../../src/config/environment";

const KEY = Buffer.alloc(32, 7).toString("base64");

test("without any variable the service is for development, on the embedded database", () => {
  expect(readConfig({})).toMatchObject({
    production: false,
    port: 4000,
    host: "127.0.0.1",
    databaseUrl: null,
    identityProvider: null,
    mail: null,
    gatewaySecrets: [],
    seedDemo: true,
  });
});

test.each([
  ["PORT", "http"],
  ["PORT", "70000"],
  ["HOST", "no host"],
  ["DATABASE_URL", "mysql://root:secret@db/x"],
  ["DATABASE_READ_URL", "mysql://root:secret@db/x"],
  ["APP_URL", "javascript:alert(1)"],
  ["AUTH_JWKS_URL", "file:///secret"],
  ["SMTP_URL", "http://user:secret@mail"],
  ["MAIL_FROM", "secret\r\nBcc: x@example.com"],
  ["ENCRYPTION_KEYS", "a:secret"],
  ["ENCRYPTION_KEYS", `a:${KEY},a:${KEY}`],
  ["GATEWAY_SECRETS", " , "],
  ["LOG_LEVEL", "loud"],
  ["SEED_DEMO", "yes"],
  ["SUBSCRIPTION_CALLBACK_URLS", "http://user:secret@router.example"],
  ["SHUTDOWN_GRACE_MS", "30s"],
  ["SHUTDOWN_GRACE_MS", "-1"],
  ["KMS_KEY_ID", "secret key"],
  ["KMS_KEY_ID", "arn:aws:kms:eu-west-3:1:key/\u200b"],
  ["AUTH_AUDIENCE", "sec\u200bret"],
  ["AUTH_ISSUER", "https://id.example/\nsecret"],
  ["STRIPE_SECRET_KEY", "sk secret"],
  ["STRIPE_WEBHOOK_SECRET", "whsec_sécret"],
  ["GATEWAY_SECRETS", "one, se cret"],
  ["NODE_ENV", "prod"],
  ["NODE_ENV", "Production"],
  ["NODE_ENV", "production "],
  ["NODE_ENV", "PRODUCTION"],
  ["NODE_ENV", "staging"],
  ["NODE_ENV", "live"],
  ["NODE_ENV", "dev"],
])("an invalid %s stops the start with one line that names it and quotes no secret", (name, value) => {
  const read = () => readConfig({ [name]: value });
  expect(read).toThrow(InvalidConfiguration);
  expect(read).toThrow(new RegExp(`^${name}: [^\\n]+$`));
  expect(read).not.toThrow(/secret/);
});

const BLANKS = [" ", "\t", "\n", "  \r\n ", "\u00a0", "\u200b", "\ufeff", "\u2800", "\u3164"];

test.each(Object.keys(Environment.shape))("%s of blanks stops the start; empty, it counts as absent", (name) => {
  for (const blank of BLANKS) expect(() => readConfig({ [name]: blank })).toThrow(new RegExp(`^${name}: [^\\n]+$`));
  expect(readConfig({ [name]: "" })).toEqual(readConfig({}));
});

test("blanks around a value do not count, such as the line break at the end of a file", () => {
  const auth = {
    AUTH_ISSUER: " https://id.example",
    AUTH_AUDIENCE: "api\n",
    AUTH_JWKS_URL: "https://id.example/keys ",
  };
  expect(readConfig({ ...auth, KMS_KEY_ID: "alias/key\n", PORT: " 4001 ", STRIPE_SECRET_KEY: "" })).toMatchObject({
    identityProvider: { issuer: "https://id.example", audience: "api", jwksUrl: "https://id.example/keys" },
    kms: { keyId: "alias/key", endpoint: null },
    port: 4001,
  });
});

test("development is what is said to be, or what says nothing", () => {
  for (const NODE_ENV of [undefined, "", "development", "test"]) {
    expect(readConfig({ NODE_ENV })).toMatchObject({ production: false, introspection: true });
  }
});

test("a shutdown may take half a minute unless it is said otherwise", () => {
  expect(readConfig({}).shutdownGraceMs).toBe(30_000);
  expect(readConfig({ SHUTDOWN_GRACE_MS: "5000" }).shutdownGraceMs).toBe(5_000);
});

test("the identity provider is given whole or not at all", () => {
  expect(() => readConfig({ AUTH_ISSUER: "https://id.example" })).toThrow(/^AUTH_AUDIENCE: /);
});

test("production refuses what is for development", () => {
  const auth = { AUTH_ISSUER: "i", AUTH_AUDIENCE: "a", AUTH_JWKS_URL: "https://id.example/keys" };
  const all = { NODE_ENV: "production", ...auth, SMTP_URL: "smtp://mail", ENCRYPTION_KEYS: `k1:${KEY}` };
  expect(readConfig(all)).toMatchObject({ production: true, seedDemo: false, introspection: false });
  expect(readConfig({ ...all, SEED_DEMO: "true" }).seedDemo).toBe(false);
  expect(readConfig({ ...all, INTROSPECTION: "true" })).toMatchObject({ introspection: true });
  for (const name of ["AUTH_ISSUER", "SMTP_URL", "ENCRYPTION_KEYS"]) {
    const without =
      name === "AUTH_ISSUER"
        ? { ...all, AUTH_ISSUER: "", AUTH_AUDIENCE: "", AUTH_JWKS_URL: "" }
        : { ...all, [name]: "" };
    expect(() => readConfig(without)).toThrow(new RegExp(`^${name}: required`));
  }
});
