import { z } from "zod";
import { parseMailbox } from "../domain/mailbox";
import { listOf, oneLine, url } from "./formats";
import { RETENTION_VARIABLES } from "./retention-variables";
import { TRACING_VARIABLES } from "./tracing-variables";

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const databaseUrl = z
  .string()
  .refine((text) => !/^postgres(ql)?:\/\/([^/]*@)?[^/@,]*,[^/@]*([/?]|$)/.test(text), {
    message:
      "expected one host, because PostgreSQL's list of several is not supported: name an address that follows the primary (see docs/scaling.md)",
    abort: true,
  })
  .pipe(url("postgres:", "postgresql:"))
  .refine((text) => !new URL(text).searchParams.has("target_session_attrs"), {
    message: "target_session_attrs is not supported: name an address that follows the primary (see docs/scaling.md)",
  });
const count = (least: number, most: number) =>
  z.string().refine((text) => /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= most, {
    message: `expected a number from ${least} to ${most}`,
  });
const path = z.string().regex(/^\P{Cc}+$/u, "expected a path");
const unbroken = z.string().regex(/^[\x21-\x7e]+$/, "expected printable ASCII without blanks");

/** All variables, checked but not converted. */
export const Environment = z.object({
  NODE_ENV: z
    .enum(
      ["production", "development", "test"],
      "expected exactly production, development or test; outside production, sign-in pages are open to all",
    )
    .optional(),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535, "expected a port from 0 to 65535")
    .default("4000"),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "expected a host name or address")
    .default("127.0.0.1"),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_DIRECT_URL: databaseUrl.optional(),
  DATABASE_READ_URL: databaseUrl.optional(),
  DATABASE_NAMED_STATEMENTS: z.enum(["true", "false"], "expected true or false").default("true"),
  DATABASE_POOL_SIZE: count(1, 100).default("10"),
  DATABASE_LANES: count(0, 10).default("2"),
  JOB_CONCURRENCY: count(1, 50).default("4"),
  LOCK_TIMEOUT_MS: z
    .string()
    .refine((text) => /^[1-9]\d{1,5}$/.test(text), "expected milliseconds, 10 to 999999")
    .default("2000"),
  DATA_DIR: path.default(".data"),
  APP_URL: url("http:", "https:").optional(),
  AUTH_ISSUER: oneLine.optional(),
  AUTH_AUDIENCE: oneLine.optional(),
  AUTH_JWKS_URL: url("http:", "https:").optional(),
  AUTH_CLIENT_ID: unbroken.optional(),
  AUTH_SCOPE: oneLine.default("openid profile email offline_access"),
  CONSOLE: z.enum(["true", "false"], "expected true or false").optional(),
  SMTP_URL: url("smtp:", "smtps:").optional(),
  MAIL_FROM: z
    .string()
    .refine((text) => parseMailbox(text) !== null, "expected an address or NAME <address>")
    .optional(),
  ENCRYPTION_KEYS: z
    .string()
    .refine((text) => parseKeys(text) !== null, "expected id:base64(32 bytes), comma-separated, each id once")
    .optional(),
  GATEWAY_SECRETS: z
    .string()
    .refine(
      (text) => listOf(text).length > 0 && listOf(text).every((secret) => /^[\x21-\x7e]+$/.test(secret)),
      "expected one or more, comma-separated, each of printable ASCII without blanks",
    )
    .optional(),
  STRIPE_SECRET_KEY: unbroken.optional(),
  STRIPE_WEBHOOK_SECRET: unbroken.optional(),
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
  KMS_KEY_ID: z
    .string()
    .regex(/^[\w:/-]{1,2048}$/, "expected the id, ARN or alias/NAME of a key in AWS KMS")
    .optional(),
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
  TRUSTED_DOCUMENTS: path.optional(),
  SUBSCRIPTION_CALLBACK_URLS: z
    .string()
    .refine((text) => listOf(text).every(isPlainUrl), "expected comma-separated http(s) URLs without a query")
    .default(""),
  MIGRATE_ON_START: z.enum(["true", "false"], "expected true or false").default("true"),
  OPERATION_DEADLINE_MS: z
    .string()
    .refine((text) => /^[1-9]\d{1,5}$/.test(text), "expected milliseconds, 10 to 999999")
    .default("10000"),
  SHUTDOWN_GRACE_MS: z
    .string()
    .refine((text) => /^\d{1,7}$/.test(text), "expected milliseconds, 0 to 9999999")
    .default("30000"),
  ...RETENTION_VARIABLES,
  ...TRACING_VARIABLES,
  LOG_LEVEL: z.enum(LEVELS, `expected one of ${LEVELS.join(", ")}`).default("info"),
  SEED_DEMO: z.enum(["true", "false"], "expected true or false").optional(),
});
export type Environment = z.infer<typeof Environment>;

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}

/** Parses ENCRYPTION_KEYS; null if it is malformed. */
export function parseKeys(text: string): Array<{ id: string; key: Buffer }> | null {
  const keys = text.split(",").map((pair) => {
    const [, id = "", encoded = ""] = /^([A-Za-z0-9_-]+):([A-Za-z0-9+/]+=*)$/.exec(pair.trim()) ?? [];
    return { id, key: Buffer.from(encoded, "base64") };
  });
  const isValid = keys.every(({ id, key }) => id !== "" && key.length === 32);
  return isValid && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : null;
}
