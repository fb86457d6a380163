import path from "node:path";
import { z } from "zod";

/** Where things are and who is trusted. The only reader of the environment. */
export interface Config {
  production: boolean;
  port: number;
  host: string;
  /** Null: the embedded PostgreSQL runs. */
  databaseUrl: string | null;
  dataDirectory: string;
  /** Base of links in e-mails, without a slash at the end. Null: http://localhost and the port. */
  appUrl: string | null;
  /** Null: the development issuer. */
  identityProvider: { issuer: string; audience: string; jwksUrl: string } | null;
  /** Null: the development mailbox. */
  mail: { smtpUrl: string; from: string } | null;
  encryptionKeys: Array<{ id: string; key: Buffer }> | null;
  gatewaySecrets: string[];
  /** Where wake-ups travel between replicas. Null: PostgreSQL. */
  redisUrl: string | null;
  /** Other endpoints for AWS. Null: AWS's own. */
  awsEndpoints: { bedrock: string | null; sts: string | null };
  /** The models that a key of an organization's own has to reach. */
  bedrockModels: string[];
  /** A master key in AWS KMS, in the place of ENCRYPTION_KEYS. */
  kms: { keyId: string; endpoint: string | null } | null;
  /** The payment provider. Null: plans change without payment. */
  stripe: { secretKey: string; webhookSecret: string; apiUrl: string | null } | null;
  /** Web origins whose pages may call the service. */
  corsOrigins: string[];
  /** Whether clients may ask for the schema. */
  introspection: boolean;
  /** A file of the documents that alone are answered. Null: all are. */
  trustedDocuments: string | null;
  /** Addresses below which a router may have the results of subscriptions sent. None: no router may. */
  callbackUrls: string[];
  /** How long one operation may take, in milliseconds. */
  operationDeadlineMs: number;
  logLevel: string;
  seedDemo: boolean;
}

/** The start cannot go on: one line that names the variable and never its secret value. */
export class InvalidConfiguration extends Error {}

/** Does what a variable is for; where that cannot be done, the start ends with a line that names the variable. */
export async function blaming<Result>(variable: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new InvalidConfiguration(`${variable}: ${explain(error)}`);
  }
}

/** An error in one line. */
export function explain(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(explain).join("; ");
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, " ").trim();
}

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `expected a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });
const ADDRESS = /^[^\s<>@,;"]+@[^\s<>@,;"]+$/;

const listOf = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

const Environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535, "expected a port from 0 to 65535")
    .default("4000"),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "expected a host name or address")
    .default("127.0.0.1"),
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  DATA_DIR: z
    .string()
    .refine((text) => !text.includes("\0"), "expected a path")
    .default(".data"),
  APP_URL: url("http:", "https:").optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_JWKS_URL: url("http:", "https:").optional(),
  SMTP_URL: url("smtp:", "smtps:").optional(),
  MAIL_FROM: z.string().refine(isMailbox, "expected an address or NAME <address>").optional(),
  ENCRYPTION_KEYS: z
    .string()
    .refine((text) => parseKeys(text) !== null, "expected id:base64(32 bytes), comma-separated, each id once")
    .optional(),
  GATEWAY_SECRETS: z
    .string()
    .refine((text) => listOf(text).length > 0, "expected one or more, comma-separated")
    .optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_URL: url("http:", "https:").optional(),
  BEDROCK_ENDPOINT: url("http:", "https:").optional(),
  STS_ENDPOINT: url("http:", "https:").optional(),
  BEDROCK_MODELS: z
    .string()
    .refine(
      (text) => listOf(text).length > 0 && listOf(text).every((id) => /^[a-z0-9][a-z0-9.:-]{2,100}$/.test(id)),
      "expected comma-separated model ids",
    )
    .default("anthropic.claude-sonnet-4-5-20250929-v1:0,anthropic.claude-opus-4-5-20251101-v1:0"),
  KMS_KEY_ID: z.string().optional(),
  KMS_ENDPOINT: url("http:", "https:").optional(),
  REDIS_URL: url("redis:", "rediss:").optional(),
  CORS_ORIGINS: z
    .string()
    .refine(
      (text) => listOf(text).every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      "expected comma-separated origins such as https://app.example",
    )
    .default(""),
  INTROSPECTION: z.enum(["true", "false"], "expected true or false").optional(),
  TRUSTED_DOCUMENTS: z.string().optional(),
  SUBSCRIPTION_CALLBACK_URLS: z
    .string()
    .refine((text) => listOf(text).every(isPlainUrl), "expected comma-separated http(s) URLs without a query")
    .default(""),
  OPERATION_DEADLINE_MS: z
    .string()
    .refine((text) => /^\d{2,6}$/.test(text), "expected milliseconds, 10 to 999999")
    .default("10000"),
  LOG_LEVEL: z.enum(LEVELS, `expected one of ${LEVELS.join(", ")}`).default("info"),
  SEED_DEMO: z.enum(["true", "false"], "expected true or false").optional(),
});
type Environment = z.infer<typeof Environment>;

/** Reads the configuration; an empty variable counts as absent. Throws InvalidConfiguration. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidConfiguration(`${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const env = parsed.data;
  const production = env.NODE_ENV === "production";
  if (production) assertProduction(env);
  return {
    production,
    port: Number(env.PORT),
    host: env.HOST,
    databaseUrl: env.DATABASE_URL ?? null,
    dataDirectory: path.resolve(env.DATA_DIR),
    appUrl: env.APP_URL?.replace(/\/+$/, "") ?? null,
    identityProvider: identityProviderOf(env),
    mail: env.SMTP_URL ? { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM ?? defaultSender(env.APP_URL) } : null,
    encryptionKeys: env.ENCRYPTION_KEYS ? parseKeys(env.ENCRYPTION_KEYS) : null,
    gatewaySecrets: listOf(env.GATEWAY_SECRETS ?? ""),
    redisUrl: env.REDIS_URL ?? null,
    stripe: stripeOf(env),
    awsEndpoints: { bedrock: env.BEDROCK_ENDPOINT ?? null, sts: env.STS_ENDPOINT ?? null },
    bedrockModels: listOf(env.BEDROCK_MODELS),
    kms: env.KMS_KEY_ID ? { keyId: env.KMS_KEY_ID, endpoint: env.KMS_ENDPOINT ?? null } : null,
    corsOrigins: listOf(env.CORS_ORIGINS),
    introspection: env.INTROSPECTION ? env.INTROSPECTION === "true" : !production,
    callbackUrls: listOf(env.SUBSCRIPTION_CALLBACK_URLS),
    trustedDocuments: env.TRUSTED_DOCUMENTS ?? null,
    operationDeadlineMs: Number(env.OPERATION_DEADLINE_MS),
    logLevel: env.LOG_LEVEL,
    seedDemo: env.SEED_DEMO ? env.SEED_DEMO === "true" : !env.DATABASE_URL && !production,
  };
}

function identityProviderOf({ AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl }: Environment) {
  const three = { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl };
  if (issuer && audience && jwksUrl) return { issuer, audience, jwksUrl };
  const missing = Object.entries(three)
    .filter(([, value]) => !value)
    .map(([name]) => name);
  if (missing.length === 3) return null;
  throw new InvalidConfiguration(
    `${missing[0]}: expected, because AUTH_ISSUER, AUTH_AUDIENCE and AUTH_JWKS_URL go together.`,
  );
}

function stripeOf(env: Environment): Config["stripe"] {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_URL: apiUrl = null } = env;
  if (secretKey && webhookSecret) return { secretKey, webhookSecret, apiUrl };
  if (!secretKey && !webhookSecret) return null;
  const missing = secretKey ? "STRIPE_WEBHOOK_SECRET" : "STRIPE_SECRET_KEY";
  throw new InvalidConfiguration(
    `${missing}: expected, because STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together.`,
  );
}

function assertProduction(env: Environment): void {
  for (const name of ["AUTH_ISSUER", "SMTP_URL", "ENCRYPTION_KEYS"] as const) {
    if (name === "ENCRYPTION_KEYS" && env.KMS_KEY_ID) continue;
    if (!env[name]) throw new InvalidConfiguration(`${name}: required when NODE_ENV is production.`);
  }
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}

function isMailbox(text: string): boolean {
  const address = /^[^<>\r\n]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return !/[\r\n]/.test(text) && ADDRESS.test(address);
}

function defaultSender(appUrl: string | undefined): string {
  return `CloudThinker <no-reply@${appUrl ? new URL(appUrl).hostname : "localhost"}>`;
}

/** The master keys in a text of ENCRYPTION_KEYS; null where it is none. */
export function parseKeys(text: string): Array<{ id: string; key: Buffer }> | null {
  const keys = text.split(",").map((pair) => {
    const [, id = "", encoded = ""] = /^([A-Za-z0-9_-]+):([A-Za-z0-9+/]+=*)$/.exec(pair.trim()) ?? [];
    return { id, key: Buffer.from(encoded, "base64") };
  });
  const good = keys.every(({ id, key }) => id !== "" && key.length === 32);
  return good && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : null;
}
