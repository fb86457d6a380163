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
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: "[redacted]" },
  };
  return destination ? pino(options, destination) : pino(options);
}
