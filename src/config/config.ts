import path from "node:path";
import { type Mailbox, parseMailbox } from "../domain/mailbox";
import { Environment, listOf, parseKeys } from "./environment";

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
  mail: { smtpUrl: string; from: Mailbox } | null;
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
  /** How long the process may take to end once it was told to, in milliseconds. */
  shutdownGraceMs: number;
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

/** Environment variables as a process gets them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the configuration; an empty variable counts as absent. Throws InvalidConfiguration. */
export function readConfig(variables: Variables): Config {
  const parsed = Environment.safeParse(presentIn(variables));
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
    mail: env.SMTP_URL ? { smtpUrl: env.SMTP_URL, from: senderOf(env) } : null,
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
    shutdownGraceMs: Number(env.SHUTDOWN_GRACE_MS),
    logLevel: env.LOG_LEVEL,
    seedDemo: env.SEED_DEMO ? env.SEED_DEMO === "true" : !env.DATABASE_URL && !production,
  };
}

const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Our variables that have a value, without blanks around it: secrets that are read from files end with a line break. A
 * value of nothing but blanks is refused, because it comes from a template whose value was missing. NODE_ENV stays as
 * it is: libraries read it too, and blanks would make it another value to them.
 */
function presentIn(variables: Variables): Variables {
  const present = Object.keys(Environment.shape).flatMap((name) => {
    const value = variables[name];
    if (value === undefined || value === "") return [];
    if (value.replace(INVISIBLE, "") === "")
      throw new InvalidConfiguration(`${name}: expected a value, and it has blanks only. Set it, or unset it.`);
    return [[name, name === "NODE_ENV" ? value : value.trim()]];
  });
  return Object.fromEntries(present);
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

function senderOf({ MAIL_FROM: from, APP_URL: appUrl }: Environment): Mailbox {
  const host = appUrl ? new URL(appUrl).hostname : "localhost";
  return (from && parseMailbox(from)) || { name: "CloudThinker", address: `no-reply@${host}` };
}
