import path from "node:path";
import { type Mailbox, parseMailbox } from "../domain/mailbox";
import type { Retention } from "../domain/retention";
import { Environment, parseKeys } from "./environment";
import { listOf } from "./formats";
import { retentionOf } from "./retention-variables";
import { type TracingConfig, tracingOf } from "./tracing-variables";

/** The service's configuration. Only `readConfig` reads environment variables. */
export interface Config {
  production: boolean;
  port: number;
  host: string;
  /** Null: the embedded PostgreSQL runs. */
  databaseUrl: string | null;
  /** The server's own address, for work that needs a session of its own. Null: `databaseUrl` leads to no pooler. */
  databaseDirectUrl: string | null;
  /** A standby of the database, for some of the reads. Null: the primary serves all reads. */
  databaseReadUrl: string | null;
  /** False for a pooler that does not support prepared statements. */
  namedStatements: boolean;
  /** Connections of this process: the pool, the lanes for short reads, and the jobs that run at once. */
  connections: { pool: number; lanes: number; jobs: number };
  /** How long a request waits for a lock, in milliseconds. */
  lockTimeoutMs: number;
  dataDirectory: string;
  /** The base URL of links in e-mails, without a trailing slash. Null: http://localhost and the port. */
  appUrl: string | null;
  /** Null: the development issuer. */
  identityProvider: { issuer: string; audience: string; jwksUrl: string } | null;
  /** How the web console signs people in; null: it is not served. */
  console: { clientId: string; scope: string } | null;
  /** Null: the development mailbox. */
  mail: { smtpUrl: string; from: Mailbox } | null;
  encryptionKeys: Array<{ id: string; key: Buffer }> | null;
  gatewaySecrets: string[];
  /** Carries notifications between replicas. Null: PostgreSQL does. */
  redisUrl: string | null;
  /** Other endpoints for AWS. Null: AWS's own. */
  awsEndpoints: { bedrock: string | null; sts: string | null };
  /** Bedrock models that an organization's own key must be able to use. */
  bedrockModels: string[];
  /** A master key in AWS KMS, instead of ENCRYPTION_KEYS. */
  kms: { keyId: string; endpoint: string | null } | null;
  /** The payment provider. Null: plans change without payment. */
  stripe: { secretKey: string; webhookSecret: string; apiUrl: string | null } | null;
  /** Web origins whose pages may call the service. */
  corsOrigins: string[];
  /** Whether clients may introspect the schema. */
  introspection: boolean;
  /** A file of documents; others are refused. Null: all documents are allowed. */
  trustedDocuments: string | null;
  /** URL prefixes of routers that may get subscription results by callback. Empty: callbacks are off. */
  callbackUrls: string[];
  /** False: the start refuses a database whose migrations have not run. */
  migrateOnStart: boolean;
  /** The time limit of one operation, in milliseconds. */
  operationDeadlineMs: number;
  /** How long a shutdown may take before the process exits anyway, in milliseconds. */
  shutdownGraceMs: number;
  /** How long data is kept. */
  retention: Retention;
  /** The collector of traces and the sampling; null: no traces. */
  tracing: TracingConfig | null;
  logLevel: string;
  seedDemo: boolean;
}

/** The configuration is unusable. The message is one line that names the variable, without its value. */
export class InvalidConfiguration extends Error {}

/** Runs `work`. Throws its errors as an InvalidConfiguration that names the variable. */
export async function attributeTo<Result>(variable: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new InvalidConfiguration(`${variable}: ${explain(error)}`);
  }
}

/** An error's message and its cause in one line. */
export function explain(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(explain).join("; ");
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
  const cause = error instanceof Error && error.cause instanceof Error ? explain(error.cause) : "";
  return message.includes(cause) ? message : `${message}: ${cause}`;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. An empty variable counts as unset. Throws InvalidConfiguration. */
export function readConfig(variables: Variables): Config {
  const parsed = Environment.safeParse(presentVariables(variables));
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
    databaseDirectUrl: directUrlOf(env),
    databaseReadUrl: readUrlOf(env),
    namedStatements: env.DATABASE_NAMED_STATEMENTS === "true",
    connections: connectionsOf(env),
    lockTimeoutMs: Number(env.LOCK_TIMEOUT_MS),
    dataDirectory: path.resolve(env.DATA_DIR),
    appUrl: env.APP_URL?.replace(/\/+$/, "") ?? null,
    identityProvider: identityProviderOf(env),
    console: consoleOf(env),
    mail: env.SMTP_URL ? { smtpUrl: env.SMTP_URL, from: senderOf(env) } : null,
    encryptionKeys: env.ENCRYPTION_KEYS ? parseKeys(env.ENCRYPTION_KEYS) : null,
    gatewaySecrets: listOf(env.GATEWAY_SECRETS ?? ""),
    redisUrl: env.REDIS_URL ?? null,
    stripe: stripeOf(env),
    awsEndpoints: { bedrock: env.BEDROCK_ENDPOINT ?? null, sts: env.STS_ENDPOINT ?? null },
    bedrockModels: listOf(env.BEDROCK_MODELS),
    kms: env.KMS_KEY_ID ? { keyId: env.KMS_KEY_ID, endpoint: env.KMS_ENDPOINT ?? null } : null,
    corsOrigins: listOf(env.CORS_ORIGINS),
    introspection: isOn(env.INTROSPECTION, !production),
    callbackUrls: listOf(env.SUBSCRIPTION_CALLBACK_URLS),
    trustedDocuments: env.TRUSTED_DOCUMENTS ?? null,
    migrateOnStart: env.MIGRATE_ON_START === "true",
    operationDeadlineMs: Number(env.OPERATION_DEADLINE_MS),
    shutdownGraceMs: Number(env.SHUTDOWN_GRACE_MS),
    retention: retentionOf(env),
    tracing: tracingOf(env),
    logLevel: env.LOG_LEVEL,
    seedDemo: !production && isOn(env.SEED_DEMO, !env.DATABASE_URL),
  };
}

function isOn(variable: string | undefined, byDefault: boolean): boolean {
  return variable ? variable === "true" : byDefault;
}

const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Our variables that are set, trimmed: secrets from files end with a line break. A blank value is refused, because it
 * probably comes from a template without a value. NODE_ENV is not trimmed, because libraries read it untrimmed.
 */
function presentVariables(variables: Variables): Variables {
  const present = Object.keys(Environment.shape).flatMap((name) => {
    const value = variables[name];
    if (value === undefined || value === "") return [];
    if (value.replace(INVISIBLE, "") === "")
      throw new InvalidConfiguration(`${name}: expected a value, but it is blank. Set it, or unset it.`);
    return [[name, name === "NODE_ENV" ? value : value.trim()]];
  });
  return Object.fromEntries(present);
}

function identityProviderOf({ AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl }: Environment) {
  const variables = { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl };
  if (issuer && audience && jwksUrl) return { issuer, audience, jwksUrl };
  const missing = Object.entries(variables)
    .filter(([, value]) => !value)
    .map(([name]) => name);
  if (missing.length === 3) return null;
  throw new InvalidConfiguration(
    `${missing[0]}: expected, because AUTH_ISSUER, AUTH_AUDIENCE and AUTH_JWKS_URL go together.`,
  );
}

/** Without an identity provider, the development issuer accepts any client. */
function consoleOf(env: Environment): Config["console"] {
  const { CONSOLE: isWanted, AUTH_CLIENT_ID, AUTH_SCOPE: scope, AUTH_ISSUER: issuer } = env;
  if (isWanted === "false") return null;
  const clientId = AUTH_CLIENT_ID ?? (issuer ? undefined : "console");
  if (clientId) return { clientId, scope };
  if (isWanted !== "true") return null;
  throw new InvalidConfiguration("AUTH_CLIENT_ID: expected, because CONSOLE is true and the console signs people in.");
}

function connectionsOf(env: Environment): Config["connections"] {
  return { pool: +env.DATABASE_POOL_SIZE, lanes: +env.DATABASE_LANES, jobs: +env.JOB_CONCURRENCY };
}

function directUrlOf({ DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl }: Environment): string | null {
  if (directUrl && !url)
    throw new InvalidConfiguration("DATABASE_URL: expected, because DATABASE_DIRECT_URL leads past a pooler there.");
  return directUrl && directUrl !== url ? directUrl : null;
}

function readUrlOf({ DATABASE_URL: url, DATABASE_READ_URL: readUrl }: Environment): string | null {
  if (!readUrl) return null;
  if (!url)
    throw new InvalidConfiguration("DATABASE_URL: expected, because DATABASE_READ_URL leads to a standby of it.");
  if (readUrl === url) throw new InvalidConfiguration("DATABASE_READ_URL: expected a standby, not DATABASE_URL again.");
  return readUrl;
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
