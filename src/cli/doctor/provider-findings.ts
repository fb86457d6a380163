import { randomBytes } from "node:crypto";
import type { Config } from "../../config/config";
import { verifySmtp } from "../../integrations/mail/smtp-mailer";
import { verifyStripe } from "../../integrations/stripe/stripe-billing";
import { openKeyWrapper } from "../../open-key-wrapper";
import { type Finding, find } from "./finding";

const TIMEOUT_MS = 5_000;

/** Checks that mail, payments, the master key, Redis and AWS can be reached and accept the configured secrets. */
export async function providerFindings(config: Config): Promise<Finding[]> {
  const found = await Promise.all([
    mailFindings(config),
    stripeFindings(config),
    keyFindings(config),
    redisFindings(config),
    awsFindings(config),
  ]);
  return found.flat();
}

async function mailFindings({ mail }: Config): Promise<Finding[]> {
  const subject = "SMTP_URL";
  if (!mail) return [{ level: "unused", subject, text: "not set: mails go to the development mailbox" }];
  return await find(subject, "Check that host, port, TLS (smtps://), user and password are right.", async () => {
    await verifySmtp(mail.smtpUrl);
    return [{ level: "ok", subject, text: `the server accepts a connection; mails come from ${mail.from.address}` }];
  });
}

async function stripeFindings({ stripe }: Config): Promise<Finding[]> {
  const subject = "STRIPE_SECRET_KEY";
  if (!stripe) return [{ level: "unused", subject, text: "not set: billing is manual" }];
  return await find(subject, "Copy the secret key again. A restricted key must be able to read prices.", async () => {
    await verifyStripe(stripe);
    return [{ level: "ok", subject, text: "Stripe accepts the key" }];
  });
}

async function keyFindings(config: Config): Promise<Finding[]> {
  const subject = config.kms ? "KMS_KEY_ID" : "ENCRYPTION_KEYS";
  const advice = config.kms
    ? "Check that the key is enabled, and that this process's AWS identity may encrypt and decrypt with it."
    : "Check that each is id:base64(32 bytes).";
  return await find(subject, advice, async () => {
    const wrapper = await openKeyWrapper(config);
    const dataKey = randomBytes(32);
    const wrapped = await wrapper.wrap(dataKey, "doctor");
    if (!dataKey.equals(await wrapper.unwrap(wrapped, "doctor"))) throw new Error("another key came back");
    return [{ level: "ok", subject, text: `'${wrapper.masterKeyId}' encrypts and decrypts` }];
  });
}

async function redisFindings({ redisUrl }: Config): Promise<Finding[]> {
  const subject = "REDIS_URL";
  if (!redisUrl) return [{ level: "unused", subject, text: "not set: PostgreSQL carries notifications" }];
  return await find(
    subject,
    "Check that host, port and password are right. Without Redis, live updates take a second.",
    async () => {
      const { createClient } = await import("@redis/client");
      const client = createClient({ url: redisUrl, socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: false } });
      client.on("error", () => undefined);
      await client.connect();
      await client.ping();
      client.destroy();
      return [{ level: "ok", subject, text: "Redis answers" }];
    },
  );
}

/** Organizations' keys are used in many regions. If one endpoint answers, this network allows connections to AWS. */
async function awsFindings({ awsEndpoints }: Config): Promise<Finding[]> {
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
    ),
  );
  return (await Promise.all(found)).flat();
}
