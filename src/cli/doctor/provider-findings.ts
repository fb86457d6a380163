import { randomBytes } from "node:crypto";
import type { Config } from "../../config/config";
import { verifySmtp } from "../../integrations/mail/smtp-mailer";
import { verifyStripe } from "../../integrations/stripe/stripe-billing";
import { openKeyWrapper } from "../../open-key-wrapper";
import { verifyRedis } from "../../store/events/redis-pubsub";
import { type Finding, find } from "./finding";

const TIMEOUT_MS = 5_000;

/**
 * Checks that mail, payments, the master key, Redis and AWS can be reached and accept the configured secrets. `limitMs`:
 * how long each check may take.
 */
export async function providerFindings(config: Config, limitMs?: number): Promise<Finding[]> {
  const checks = [mailFindings, stripeFindings, keyFindings, redisFindings, awsFindings];
  return (await Promise.all(checks.map((check) => check(config, limitMs)))).flat();
}

async function mailFindings({ mail }: Config, limitMs?: number): Promise<Finding[]> {
  const subject = "SMTP_URL";
  if (!mail) return [{ level: "unused", subject, text: "not set: mails go to the development mailbox" }];
  const advice = "Check that host, port, TLS (smtps://), user and password are right.";
  const text = `the server accepts a connection; mails come from ${mail.from.address}`;
  const check = async (): Promise<Finding[]> => {
    await verifySmtp(mail.smtpUrl);
    return [{ level: "ok", subject, text }];
  };
  return await find(subject, advice, check, limitMs);
}

async function stripeFindings({ stripe, production }: Config, limitMs?: number): Promise<Finding[]> {
  const subject = "STRIPE_SECRET_KEY";
  if (!stripe) return [{ level: "unused", subject, text: "not set: billing is manual" }];
  const advice =
    "Copy the secret key again, and allow connections to Stripe. A restricted key must be able to read prices.";
  const check = async (): Promise<Finding[]> => {
    await verifyStripe(stripe);
    return [{ level: "ok", subject, text: "Stripe accepts the key" }];
  };
  const found = await find(subject, advice, check, limitMs);
  if (!production || !/^[sr]k_test_/.test(stripe.secretKey)) return found;
  const text = "the key is of Stripe's test mode: nobody pays";
  return [
    ...found,
    { level: "warning", subject, text, advice: "Set the key and the webhook's secret of the live mode." },
  ];
}

async function keyFindings(config: Config, limitMs?: number): Promise<Finding[]> {
  const subject = config.kms ? "KMS_KEY_ID" : "ENCRYPTION_KEYS";
  const advice = config.kms
    ? "Check that the key is enabled, and that this process's AWS identity may encrypt and decrypt with it."
    : "Check that each is id:base64(32 bytes).";
  const check = async (): Promise<Finding[]> => {
    const wrapper = await openKeyWrapper(config);
    const dataKey = randomBytes(32);
    const wrapped = await wrapper.wrap(dataKey, "doctor");
    if (!dataKey.equals(await wrapper.unwrap(wrapped, "doctor"))) throw new Error("another key came back");
    return [{ level: "ok", subject, text: `'${wrapper.masterKeyId}' encrypts and decrypts` }];
  };
  return await find(subject, advice, check, limitMs);
}

async function redisFindings({ redisUrl }: Config, limitMs?: number): Promise<Finding[]> {
  const subject = "REDIS_URL";
  if (!redisUrl) return [{ level: "unused", subject, text: "not set: PostgreSQL carries notifications" }];
  const advice =
    "Check host, port and password, and that the user may use all channels (&*). Without Redis, live updates take a second.";
  const check = async (): Promise<Finding[]> => {
    await verifyRedis(redisUrl);
    return [{ level: "ok", subject, text: "Redis answers, and carries notifications" }];
  };
  return await find(subject, advice, check, limitMs);
}

/** Organizations' keys are used in many regions. If one endpoint answers, this network allows connections to AWS. */
async function awsFindings({ awsEndpoints }: Config, limitMs?: number): Promise<Finding[]> {
  const addresses = [
    { subject: "STS_ENDPOINT", url: awsEndpoints.sts ?? "https://sts.us-east-1.amazonaws.com" },
    { subject: "BEDROCK_ENDPOINT", url: awsEndpoints.bedrock ?? "https://bedrock.us-east-1.amazonaws.com" },
  ];
  const found = addresses.map(({ subject, url }) =>
    find(
      subject,
      `Allow connections from this machine to ${url}. Without them, organizations' AWS keys cannot be verified.`,
      async () => {
        // Without credentials AWS answers with an error, which is enough here.
        await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
        return [{ level: "ok", subject, text: `${new URL(url).host} answers` }];
      },
      limitMs,
    ),
  );
  return (await Promise.all(found)).flat();
}
