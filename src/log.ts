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

/** The process's log: one JSON line per entry, on standard output. Tokens, addresses and keys are cut out of it. */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
    serializers: { err: (error: unknown) => describe(error, MOST_CAUSES), job: withoutSecrets, reason: withoutSecrets },
    hooks: {
      logMethod(dependencies, log) {
        const clean = dependencies.map((part: unknown) => (typeof part === "string" ? withoutSecrets(part) : part));
        log.apply(this, clean as typeof dependencies);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** An error of an error of an error says enough. */
const MOST_CAUSES = 3;

/** What errors carry of use to whoever mends them, and never of what was sent. */
const TELLING = ["code", "severity", "schema", "table", "column", "constraint", "routine", "syscall", "errno"] as const;

/**
 * An error as it is logged. Errors carry what they failed on: a query its parameters, a constraint the row, a mail
 * server the address. Only what is known to say nothing of that is taken along.
 */
function describe(error: unknown, causes: number): object {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(String(error)) };
  const told = error as Error & Partial<Record<(typeof TELLING)[number], unknown>>;
  const state = TELLING.filter((name) => ["string", "number"].includes(typeof told[name]));
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    stack: withoutSecrets(error.stack ?? ""),
    ...Object.fromEntries(state.map((name) => [name, told[name]])),
    ...(error.cause !== undefined && causes > 0 && { cause: describe(error.cause, causes - 1) }),
    ...(error instanceof AggregateError &&
      causes > 0 && { errors: error.errors.map((each: unknown) => describe(each, causes - 1)) }),
  };
}

/** A text without what looks like an address, a bearer token, or an AWS key's id, wherever it was quoted from. */
function withoutSecrets(text: string): string {
  return text
    .replace(/[^\s<>"'(),;:=]+@[^\s<>"'(),;:=]+\.[a-z0-9-]+/gi, "[address]")
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]")
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}/g, "[key]");
}
