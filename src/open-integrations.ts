import path from "node:path";
import type { Integrations } from "./commands/runner/unit-of-work";
import { attributeTo, type Config } from "./config/config";
import { assertWritableDirectory } from "./development/data-directory";
import { REQUEST_BURST, REQUEST_EVERY_MS } from "./domain/invitation-request";
import { createAwsBedrock } from "./integrations/aws/aws-bedrock";
import { SessionCache } from "./integrations/aws/session-cache";
import { createDevelopmentMailbox, type DevelopmentMailbox } from "./integrations/mail/development-mailbox";
import type { Mailer } from "./integrations/mail/mailer";
import { RateLimiter } from "./integrations/rate-limiter";
import type { Billing } from "./integrations/stripe/billing";
import type { Log } from "./log";
import { openKeyWrapper } from "./open-key-wrapper";

/**
 * How many key checks a person may start at once, and then one per VERIFICATION_EVERY_MS: more than an Owner who enters
 * keys by hand needs.
 */
const VERIFICATIONS_AT_ONCE = 120;
const VERIFICATION_EVERY_MS = 10_000;

/** Opens the configured integrations; `mailer` replaces the mailer. The mailbox is null if mail is sent by SMTP. */
export async function openIntegrations(
  config: Config,
  log: Log,
  mailer?: Mailer,
): Promise<{ integrations: Integrations; mailbox: DevelopmentMailbox | null }> {
  const mailbox = config.mail ? null : await openMailbox(config);
  const integrations = {
    billing: config.stripe && stripeBilling(config.stripe),
    bedrock: createAwsBedrock(config.awsEndpoints, config.bedrockModels),
    keyWrapper: await openKeyWrapper(config),
    mailer: mailer ?? mailbox ?? smtpMailer(config.mail),
    sessions: new SessionCache(),
    verifications: new RateLimiter(VERIFICATIONS_AT_ONCE, VERIFICATION_EVERY_MS, "key_checks"),
    invitationRequests: new RateLimiter(REQUEST_BURST, REQUEST_EVERY_MS, "invitation_requests"),
    alarm: (error: Error) =>
      log.error({ err: error, alarm: true }, "a sealed key cannot be opened, and a retry will not help"),
    appUrl: config.appUrl ?? "",
  };
  return { integrations, mailbox };
}

async function openMailbox({ dataDirectory }: Config): Promise<DevelopmentMailbox> {
  const directory = path.join(dataDirectory, "mailbox");
  await attributeTo("DATA_DIR", () => assertWritableDirectory(directory));
  return createDevelopmentMailbox(directory);
}

// The libraries of Stripe and SMTP take 30 MB of memory. They are loaded only if the configuration needs them.
function stripeBilling(options: NonNullable<Config["stripe"]>): Billing {
  const { createStripeBilling } =
    require("./integrations/stripe/stripe-billing") as typeof import("./integrations/stripe/stripe-billing");
  return createStripeBilling(options);
}

function smtpMailer(options: Config["mail"]): Mailer {
  if (!options) throw new Error("The configuration has neither SMTP nor a mailbox.");
  const { createSmtpMailer } =
    require("./integrations/mail/smtp-mailer") as typeof import("./integrations/mail/smtp-mailer");
  return createSmtpMailer({ url: options.smtpUrl, from: options.from });
}
