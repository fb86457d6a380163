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
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["PORT", "0x50"],
  ["HOST", "no host"],
  ["DATABASE_URL", "mysql://root:secret@db/x"],
  ["DATABASE_READ_URL", "mysql://root:secret@db/x"],
  ["APP_URL", "javascript:alert(1)"],
  ["AUTH_JWKS_URL", "file:///secret"],
  ["REDIS_URL", "http://:secret@redis"],
  ["CORS_ORIGINS", "https://app.example/secret"],
  ["SMTP_URL", "http://user:secret@mail"],
  ["MAIL_FROM", "secret\r\nBcc: x@example.com"],
  ["ENCRYPTION_KEYS", "a:secret"],
  ["ENCRYPTION_KEYS", `a:${KEY},a:${KEY}`],
  ["ENCRYPTION_KEYS", `a:${Buffer.alloc(31, 7).toString("base64")}`],
  ["ENCRYPTION_KEYS", `a:${Buffer.alloc(33, 7).toString("base64")}`],
  ["ENCRYPTION_KEYS", `a:${KEY},:${KEY}`],
  ["GATEWAY_SECRETS", " , "],
  ["LOG_LEVEL", "loud"],
  ["SEED_DEMO", "yes"],
  ["SUBSCRIPTION_CALLBACK_URLS", "http://user:secret@router.example"],
  ["SUBSCRIPTION_CALLBACK_URLS", "http://router.example?secret"],
  ["SUBSCRIPTION_CALLBACK_URLS", "http://router.example#secret"],
  ["EVENT_RETENTION_DAYS", "89"],
  ["INVITATION_RETENTION_DAYS", "29"],
  ["USAGE_RETENTION_DAYS", "99"],
  ["ACCESS_REVIEW_RETENTION_DAYS", "89"],
  ["FORMER_MEMBER_RETENTION_DAYS", "29"],
  ["FORMER_MEMBER_RETENTION_DAYS", "36501"],
  ["EVENT_RETENTION_DAYS", "1e3"],
  ["SHUTDOWN_GRACE_MS", "30s"],
  ["SHUTDOWN_GRACE_MS", "-1"],
  ["SHUTDOWN_GRACE_MS", "10000000"],
  ["OPERATION_DEADLINE_MS", "9"],
  ["OPERATION_DEADLINE_MS", "09"],
  ["OPERATION_DEADLINE_MS", "1000000"],
  ["KMS_KEY_ID", "secret key"],
  ["KMS_KEY_ID", "arn:aws:kms:eu-west-3:1:key/\u200b"],
  ["AUTH_AUDIENCE", "sec\u200bret"],
  ["AUTH_ISSUER", "https://id.example/\nsecret"],
  ["STRIPE_SECRET_KEY", "sk secret"],
  ["STRIPE_WEBHOOK_SECRET", "whsec_sécret"],
  ["GATEWAY_SECRETS", "one, se cret"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://collector:4317"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "secret"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization="],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization=secret%0d%0aevil"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization=secret%zz"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "two words=secret"],
  ["OTEL_BSP_SCHEDULE_DELAY", "0"],
  ["OTEL_BSP_SCHEDULE_DELAY", "5s"],
  ["OTEL_BSP_SCHEDULE_DELAY", "100000"],
  ["OTEL_TRACES_SAMPLER", "sometimes"],
  ["OTEL_TRACES_SAMPLER_ARG", "1.1"],
  ["OTEL_TRACES_SAMPLER_ARG", "-0.1"],
  ["OTEL_TRACES_SAMPLER_ARG", "10%"],
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

test.each(Object.keys(Environment.shape))("a blank %s stops the start; an empty one counts as absent", (name) => {
  for (const blank of BLANKS) expect(() => readConfig({ [name]: blank })).toThrow(new RegExp(`^${name}: [^\\n]+$`));
  expect(readConfig({ [name]: "" })).toEqual(readConfig({}));
});

test("white space around a value is ignored, such as the line break at the end of a file", () => {
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

test("the service runs in development unless NODE_ENV is production", () => {
  for (const NODE_ENV of [undefined, "", "development", "test"]) {
    expect(readConfig({ NODE_ENV })).toMatchObject({ production: false, introspection: true });
  }
});

test("numbers can be as small and as large as their messages say", () => {
  for (const port of [0, 65_535]) expect(readConfig({ PORT: String(port) }).port).toBe(port);
  for (const milliseconds of [10, 999_999]) {
    expect(readConfig({ OPERATION_DEADLINE_MS: String(milliseconds) }).operationDeadlineMs).toBe(milliseconds);
  }
  for (const milliseconds of [0, 9_999_999]) {
    expect(readConfig({ SHUTDOWN_GRACE_MS: String(milliseconds) }).shutdownGraceMs).toBe(milliseconds);
  }
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
  for (const delayMs of [1, 99_999]) {
    expect(readConfig({ ...endpoint, OTEL_BSP_SCHEDULE_DELAY: String(delayMs) }).tracing?.delayMs).toBe(delayMs);
  }
});

test("an operation can take ten seconds by default, and a shutdown half a minute", () => {
  expect(readConfig({}).operationDeadlineMs).toBe(10_000);
  expect(readConfig({}).shutdownGraceMs).toBe(30_000);
  expect(readConfig({ SHUTDOWN_GRACE_MS: "5000" }).shutdownGraceMs).toBe(5_000);
});

test("the variables of the identity provider are either all set or all absent, and so are those of Stripe", () => {
  expect(() => readConfig({ AUTH_ISSUER: "https://id.example" })).toThrow(/^AUTH_AUDIENCE: /);
  const provider = { AUTH_ISSUER: "i", AUTH_AUDIENCE: "a", AUTH_JWKS_URL: "https://id.example/keys" };
  for (const name of Object.keys(provider)) {
    expect(() => readConfig({ ...provider, [name]: "" })).toThrow(new RegExp(`^${name}: expected`));
  }
  const stripe = { STRIPE_SECRET_KEY: "sk", STRIPE_WEBHOOK_SECRET: "whsec" };
  expect(readConfig(stripe).stripe).toEqual({ secretKey: "sk", webhookSecret: "whsec", apiUrl: null });
  for (const name of Object.keys(stripe)) {
    expect(() => readConfig({ ...stripe, [name]: "" })).toThrow(new RegExp(`^${name}: expected`));
  }
});

test("production refuses settings for development", () => {
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
    const inKms = { ...without, KMS_KEY_ID: "alias/key" };
    if (name === "ENCRYPTION_KEYS") expect(readConfig(inKms).kms).toEqual({ keyId: "alias/key", endpoint: null });
    else expect(() => readConfig(inKms)).toThrow(new RegExp(`^${name}: required`));
  }
});

test("links have one slash after the address of the console", () => {
  expect(readConfig({ APP_URL: "https://app.example/console//" }).appUrl).toBe("https://app.example/console");
});

test("traces are exported if an endpoint is set and the sampler accepts any", () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" };
  expect(readConfig({ OTEL_SERVICE_NAME: "x", OTEL_TRACES_SAMPLER: "always_on" }).tracing).toBeNull();
  expect(readConfig({ ...endpoint, OTEL_TRACES_SAMPLER: "always_off" }).tracing).toBeNull();
  expect(readConfig(endpoint).tracing).toEqual({
    url: "http://collector:4318/v1/traces",
    headers: {},
    serviceName: "organizations",
    delayMs: 5_000,
    sampler: "parentbased_always_on",
    ratio: 1,
  });
  const chosen = {
    ...endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20eA%3D%3D, x-tenant = a=b",
    OTEL_SERVICE_NAME: "organizations-eu",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.1",
  };
  expect(readConfig(chosen).tracing).toMatchObject({
    headers: { authorization: "Basic eA==", "x-tenant": "a=b" },
    serviceName: "organizations-eu",
    sampler: "parentbased_traceidratio",
    ratio: 0.1,
  });
});

test("each kind of data is kept for the days of its variable or its default", () => {
  expect(readConfig({}).retention).toEqual({
    ...{ formerMembers: 90, invitations: null, usage: null, accessReviews: null, events: null },
  });
  const variables = {
    EVENT_RETENTION_DAYS: "90",
    INVITATION_RETENTION_DAYS: "30",
    USAGE_RETENTION_DAYS: "100",
    ACCESS_REVIEW_RETENTION_DAYS: "36500",
    FORMER_MEMBER_RETENTION_DAYS: "31",
  };
  expect(readConfig(variables).retention).toEqual({
    ...{ formerMembers: 31, invitations: 30, usage: 100, accessReviews: 36_500, events: 90 },
  });
});
