import { execFile } from "node:child_process";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { SMTPServer } from "smtp-server";
import { identityFindings } from "../../src/cli/doctor/identity-findings";
import { standbyFinding } from "../../src/cli/doctor/standby-findings";
import { readConfig } from "../../src/config/config";
import { AwsStandIn } from "../support/aws-stand-in";
import { IdentityProvider } from "../support/identity-provider";
import { npmScript } from "../support/process";
import { StripeStandIn } from "../support/stripe-stand-in";
import { cloneDatabase } from "../support/template-database";
import { TraceReceiver } from "../support/trace-receiver";

const SECRET = "s3cret-of-the-mail-server";

let database: { url: string; drop(): Promise<void> };
let provider: IdentityProvider;
let stripe: StripeStandIn;
let aws: AwsStandIn;
let smtp: SMTPServer;
let traces: TraceReceiver;
let environment: Record<string, string>;
beforeAll(async () => {
  [database, provider, stripe, aws, traces] = await Promise.all([
    cloneDatabase(),
    IdentityProvider.start(),
    StripeStandIn.start(),
    AwsStandIn.start(),
    TraceReceiver.start(),
  ]);
  provider.publish(await provider.key("ES256", "first"));
  smtp = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ password }, _session, done) =>
      password === SECRET ? done(null, { user: "mailer" }) : done(new Error(`no: ${password}`)),
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const { port } = smtp.server.address() as AddressInfo;
  environment = {
    NODE_ENV: "production",
    APP_URL: "https://app.example",
    DATABASE_URL: database.url,
    ...provider.environment,
    SMTP_URL: `smtp://mailer:${SECRET}@127.0.0.1:${port}`,
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    ...stripe.environment,
    ...aws.environment,
    ...traces.environment,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20t0ken-of-the-collector",
  };
});
afterAll(async () => {
  smtp.close();
  await Promise.all([traces.stop(), aws.stop(), stripe.stop(), provider.stop(), database.drop()]);
});

/** `npm run doctor`, as an operator runs it. */
async function doctor(changes: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const [program = "", ...args] = npmScript("doctor");
  const { PATH = "", HOME = "" } = process.env;
  const options = { cwd: path.join(__dirname, "..", ".."), env: { PATH, HOME, ...environment, ...changes } };
  return await new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

test("it reports no problem for a working configuration", async () => {
  const { code, output } = await doctor();
  expect(output).toContain("No problem was found.");
  expect(code).toBe(0);
  for (const subject of ["APP_URL", "DATABASE_URL", "migrations", "AUTH_JWKS_URL", "SMTP_URL", "STRIPE_SECRET_KEY"]) {
    expect(output).toMatch(new RegExp(`^ok +${subject}: `, "m"));
  }
  for (const subject of ["ENCRYPTION_KEYS", "STS_ENDPOINT", "BEDROCK_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]) {
    expect(output).toMatch(new RegExp(`^ok +${subject}: `, "m"));
  }
  // This provider publishes no metadata. Only the console needs it.
  expect(output).toMatch(/^WARNING +AUTH_ISSUER: no metadata at /m);
  expect(traces.texts.join()).toContain('"authorization":"Bearer t0ken-of-the-collector"');
  expect(output).not.toContain("t0ken");
  for (const subject of ["REDIS_URL", "DATABASE_READ_URL"])
    expect(output).toMatch(new RegExp(`^- +${subject}: not set`, "m"));
});

test("it reports all problems together with their next steps, and shows no secret", async () => {
  const empty = await cloneDatabase({ empty: true });
  const { published } = provider;
  provider.published = [];
  const smtpUrl = environment.SMTP_URL?.replace(SECRET, "wr0ng-password") ?? "";
  const { code, output } = await doctor({
    DATABASE_URL: empty.url,
    MIGRATE_ON_START: "false",
    SMTP_URL: smtpUrl,
    STRIPE_SECRET_KEY: "sk_test_wrong",
    REDIS_URL: "redis://:redis-passw0rd@127.0.0.1:1",
    DATABASE_READ_URL: "postgres://o:read-passw0rd@127.0.0.1:1/organizations",
    STS_ENDPOINT: "http://127.0.0.1:1",
    BEDROCK_ENDPOINT: "http://127.0.0.1:1",
    APP_URL: "http://localhost:4000",
    OTEL_EXPORTER_OTLP_ENDPOINT: aws.environment.STS_ENDPOINT ?? "",
  });
  await empty.drop();
  provider.published = published;
  const wrong = ["migrations", "AUTH_JWKS_URL", "SMTP_URL", "STRIPE_SECRET_KEY", "REDIS_URL", "STS_ENDPOINT"];
  wrong.push("APP_URL", "BEDROCK_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "DATABASE_READ_URL");
  for (const subject of wrong) expect(output).toMatch(new RegExp(`^PROBLEM +${subject}: [^\n]+\n +[A-Z]`, "m"));
  expect(output).toContain("Run npm run migrate.");
  expect(output).toContain(`Problems: ${wrong.length}.`);
  expect(output).not.toMatch(/wr0ng|sk_test|passw0rd/);
  expect(code).toBe(1);
});

test("it reports a database and an identity provider that are unreachable, and a read-only database", async () => {
  const unreachable = await doctor({
    DATABASE_URL: "postgres://o:p4ssword@127.0.0.1:1/organizations",
    AUTH_JWKS_URL: "http://127.0.0.1:2/jwks",
  });
  for (const subject of ["DATABASE_URL", "AUTH_JWKS_URL"]) {
    expect(unreachable.output).toMatch(new RegExp(`^PROBLEM +${subject}: [^\n]*ECONNREFUSED`, "m"));
  }
  expect(unreachable.output).not.toContain("p4ssword");
  expect(unreachable.code).toBe(1);
  const readOnly = `${database.url}?options=-c%20default_transaction_read_only%3Don`;
  expect((await doctor({ DATABASE_URL: readOnly })).output).toMatch(
    /^PROBLEM +DATABASE_URL: the database is read-only$/m,
  );
});

test("a clock of the identity provider that is half a minute off is reported", async () => {
  const config = readConfig({ ...environment, AUTH_ISSUER: "urn:example" });
  const after = async (milliseconds: number) => {
    const date = new Date(Date.now() + milliseconds).toUTCString();
    provider.instead = (response) => response.setHeader("date", date).end(JSON.stringify({ keys: provider.published }));
    const found = await identityFindings(config);
    return found.filter(({ text }) => text.includes("clock")).map(({ level, subject }) => `${level} ${subject}`);
  };
  expect(await after(20_000)).toEqual([]);
  expect(await after(40_000)).toEqual(["warning AUTH_ISSUER"]);
  expect(await after(-40_000)).toEqual(["warning AUTH_ISSUER"]);
  provider.instead = null;
});

test("a standby that is far behind or on another timeline is reported", () => {
  const MB = 1024 * 1024;
  const primary = { timeline: 2, lsn: 100 * MB };
  const behind = (bytes: number) => standbyFinding({ timeline: 2, replayed: primary.lsn - bytes }, primary);
  expect(behind(16 * MB)).toMatchObject({ level: "ok" });
  expect(behind(16 * MB + 1)).toMatchObject({ level: "warning", text: expect.stringContaining("lacks 16 MB") });
  expect(behind(-1)).toMatchObject({ level: "ok", text: expect.stringContaining(" 0 bytes behind") });
  expect(standbyFinding({ timeline: 1, replayed: primary.lsn }, primary)).toMatchObject({ level: "warning" });
});
