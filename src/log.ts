import pino from "pino";

export type Log = pino.Logger;

const SECRETS = [
  "authorization",
  "cookie",
  "gateway-secret",
  "idempotency-key",
  "token",
  "email",
  "emails",
  "password",
  "accessKeyId",
  "secretAccessKey",
  "sessionToken",
];

/** The process's log: one JSON line per entry on standard output, without tokens, e-mail addresses and keys. */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
    serializers: {
      err: (error: unknown) => describe(error, MAX_CAUSES),
      job: withoutSecrets,
      reason: withoutSecrets,
      viewer: withoutSecrets,
    },
    hooks: {
      logMethod(values, log) {
        const clean = values.map((value: unknown) => (typeof value === "string" ? withoutSecrets(value) : value));
        log.apply(this, clean as typeof values);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * The same log for lines whose fields never hold a secret. The search for secrets costs ten times as much as the line
 * itself. Texts that look like secrets are still replaced.
 */
export function withoutRedaction(log: Log): Log {
  return log.child({}, { redact: [] });
}

/** How many levels of causes are logged. */
const MAX_CAUSES = 3;

/** Properties of errors that help to find the fault and never hold data. */
const SAFE_PROPERTIES = [
  "code",
  "severity",
  "schema",
  "table",
  "column",
  "constraint",
  "routine",
  "syscall",
  "errno",
] as const;

/**
 * The log's form of an error. Errors carry data: the parameters of a query, the row of a constraint, the address in a
 * mail server's response. So only properties that hold no data are logged.
 */
function describe(error: unknown, causes: number): object {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(String(error)) };
  const properties = error as Error & Partial<Record<(typeof SAFE_PROPERTIES)[number], unknown>>;
  const present = SAFE_PROPERTIES.filter((name) => ["string", "number"].includes(typeof properties[name]));
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    stack: withoutSecrets(error.stack ?? ""),
    ...Object.fromEntries(present.map((name) => [name, properties[name]])),
    ...(error.cause !== undefined && causes > 0 && { cause: describe(error.cause, causes - 1) }),
    ...(error instanceof AggregateError &&
      causes > 0 && { errors: error.errors.map((each: unknown) => describe(each, causes - 1)) }),
  };
}

/** Replaces every text that looks like an e-mail address, a token, or the id of an AWS key. */
function withoutSecrets(text: string): string {
  return text
    .replace(/[^\s<>"'(),;:=]+@[^\s<>"'(),;:=]+\.[a-z0-9-]+/gi, "[address]")
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]")
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}/g, "[key]");
}
