import { InvalidConfiguration, readConfig } from "../src/config";

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
])("an invalid %s stops the start with one line that names it and quotes no secret", (name, value) => {
  const read = () => readConfig({ [name]: value });
  expect(read).toThrow(InvalidConfiguration);
  expect(read).toThrow(new RegExp(`^${name}: [^\\n]+$`));
  expect(read).not.toThrow(/secret/);
});

test("the identity provider is given whole or not at all", () => {
  expect(() => readConfig({ AUTH_ISSUER: "https://id.example" })).toThrow(/^AUTH_AUDIENCE: /);
});

test("production refuses what is for development", () => {
  const auth = { AUTH_ISSUER: "i", AUTH_AUDIENCE: "a", AUTH_JWKS_URL: "https://id.example/keys" };
  const all = { NODE_ENV: "production", ...auth, SMTP_URL: "smtp://mail", ENCRYPTION_KEYS: `k1:${KEY}` };
  expect(readConfig(all)).toMatchObject({ production: true, seedDemo: false });
  for (const name of ["AUTH_ISSUER", "SMTP_URL", "ENCRYPTION_KEYS"]) {
    const without =
      name === "AUTH_ISSUER"
        ? { ...all, AUTH_ISSUER: "", AUTH_AUDIENCE: "", AUTH_JWKS_URL: "" }
        : { ...all, [name]: "" };
    expect(() => readConfig(without)).toThrow(new RegExp(`^${name}: required`));
  }
});
