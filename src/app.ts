import path from "node:path";
import type { FastifyInstance } from "fastify";
import { dropSessions } from "./commands/byok/drop-sessions";
import type { Integrations, Services } from "./commands/runner/unit-of-work";
import { blaming, type Config } from "./config/config";
import { assertWritableDirectory } from "./development/data-directory";
import { seedDemo } from "./development/demo/seed-demo";
import { type DevelopmentIssuer, openDevelopmentIssuer } from "./development/issuer/development-issuer";
import { registerDevelopmentPages } from "./development/pages/register-development-pages";
import { createAwsBedrock } from "./integrations/aws/aws-bedrock";
import { SessionCache } from "./integrations/aws/session-cache";
import { createDevelopmentMailbox, type DevelopmentMailbox } from "./integrations/mail/development-mailbox";
import type { Mailer } from "./integrations/mail/mailer";
import { createSmtpMailer } from "./integrations/mail/smtp-mailer";
import { RateLimiter } from "./integrations/rate-limiter";
import { createStripeBilling } from "./integrations/stripe/stripe-billing";
import { CreditAlertQueue } from "./jobs/credit-alert-queue";
import { startWorkers } from "./jobs/worker";
import { Subscriptions } from "./live/subscriptions";
import type { Log } from "./log";
import { openKeyWrapper } from "./open-key-wrapper";
import { openDataDirectory, reachDatabase } from "./reach-database";
import { createAuthenticate } from "./server/caller/authenticate";
import { fixedKeys, RemoteKeys } from "./server/caller/provider-keys";
import { createHttpServer } from "./server/http";
import { InFlight } from "./server/operations/in-flight";
import type { RequestTimeouts } from "./server/operations/request-timeouts";
import { openDatabase, withStatementTimeout } from "./store/engine/database";
import { migrate } from "./store/engine/migrate";
import { KeyedMutex } from "./store/engine/mutex";
import { Notifier } from "./store/events/notifier";
import { PostgresPubSub } from "./store/events/postgres-pubsub";
import { RedisPubSub } from "./store/events/redis-pubsub";

/** More than an Owner can use who brings a key by hand. */
const VERIFICATIONS_AT_ONCE = 120;
const VERIFICATION_EVERY_MS = 10_000;

/** The share of a shutdown's time that requests in flight may take; the rest is for jobs and connections. */
const DRAIN_SHARE = 2 / 3;
/** How long one read of what is watched may take; what was not read is read again. */
const LIVE_READ_MS = 5_000;

/** A running service. */
export interface App {
  address: string;
  port: number;
  services: Services;
  live: Subscriptions;
  /** Stops taking requests, finishes those at hand and the jobs, and lets go of everything. */
  close(): Promise<void>;
}

/** What tests put in the place of the outside world. */
export interface Overrides {
  clock?: Services["clock"];
  mailer?: Mailer;
  /** False: jobs stay queued. */
  jobs?: boolean;
  /** How long requests may take to arrive. */
  requestTimeouts?: RequestTimeouts;
}

/**
 * Puts the service together and starts it. What was started is stopped again where a later part fails, or where
 * `ending` is aborted before the service listens; its reason is then thrown.
 */
export async function createApp(
  config: Config,
  log: Log,
  overrides: Overrides = {},
  ending: AbortSignal = new AbortController().signal,
): Promise<App> {
  const started: Array<() => Promise<void>> = [];
  const onClose = (stop: () => Promise<void>) => started.push(stop);
  const close = async () => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  try {
    return await start({ config, log, overrides, ending, onClose, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a start works with. */
interface Start {
  config: Config;
  log: Log;
  overrides: Overrides;
  ending: AbortSignal;
  onClose(stop: () => Promise<void>): void;
  close(): Promise<void>;
}

async function start({ config, log, overrides, ending, onClose, close }: Start): Promise<App> {
  await openDataDirectory(config);
  const { url: databaseUrl, stop: stopDatabase } = await reachDatabase(config, ending, (line) => log.info(line));
  onClose(stopDatabase);
  await migrate(databaseUrl, ending);
  const database = await openDatabase(databaseUrl);
  onClose(() => database.close());
  const clock = overrides.clock ?? { now: () => new Date() };
  const notifier = await openNotifier(databaseUrl, config, log);
  onClose(() => notifier.close());
  const integrations: Integrations = {
    billing: config.stripe && createStripeBilling(config.stripe),
    bedrock: createAwsBedrock(config.awsEndpoints, config.bedrockModels),
    keyWrapper: await openKeyWrapper(config),
    sessions: new SessionCache(),
    verifications: new RateLimiter(VERIFICATIONS_AT_ONCE, VERIFICATION_EVERY_MS),
    alarm: (error) =>
      log.error({ err: error, alarm: true }, "a sealed key cannot be opened, and waiting will not mend it"),
    appUrl: config.appUrl ?? "",
  };
  const creditAlerts = new CreditAlertQueue((error) => log.warn({ err: error }, "alerts of credits are late"));
  const services: Services = {
    database,
    mutex: new KeyedMutex(),
    clock,
    notifier: notifier,
    creditAlerts: creditAlerts,
    integrations: integrations,
  };
  notifier.subscribe((topics) => {
    dropSessions(services, topics).catch((error: unknown) => log.warn({ err: error }, "sessions were not looked at"));
  });
  const liveParts = { database: withStatementTimeout(database, LIVE_READ_MS), clock };
  const live = new Subscriptions(liveParts, notifier, (error) => log.warn({ err: error }, "live events are late"));

  const { identityProvider } = config;
  const issuer = identityProvider ? null : await openDevelopmentIssuer(config.dataDirectory);
  const mailbox = config.mail ? null : await openMailbox(config);
  const onWithdrawn = () => live.endUntrusted((signedBy) => trusted.keys.has(signedBy));
  const remoteKeys = identityProvider && new RemoteKeys({ url: identityProvider.jwksUrl, clock, log, onWithdrawn });
  onClose(async () => remoteKeys?.close());
  const trusted =
    identityProvider && remoteKeys
      ? { ...identityProvider, keys: remoteKeys }
      : { ...required(issuer), keys: fixedKeys(required(issuer).publicKeys) };
  const authenticate = createAuthenticate(services, trusted, config.operationDeadlineMs);
  notifier.subscribe(authenticate.forget);
  let isDraining = false;
  const inFlight = new InFlight();
  const http = await createHttpServer({
    services,
    live,
    authenticate,
    log,
    config,
    inFlight,
    requestTimeouts: overrides.requestTimeouts,
    notReady: async () => (isDraining ? "draining" : await probe(services)),
  });
  if (!config.production) addDevelopmentPages(http, services, issuer, mailbox);
  ending.throwIfAborted();
  const { address, port } = await listen(http, config);
  // Where it is not configured, links lead to the port that was found free.
  integrations.appUrl ||= `http://localhost:${port}`;
  if (config.seedDemo) await seedDemo(services);

  const mailer = overrides.mailer ?? (config.mail ? smtp(config.mail) : required(mailbox));
  onClose(() => mailer.close());
  if (overrides.jobs !== false) {
    const workers = await startWorkers(services, { mailer, appUrl: integrations.appUrl }, databaseUrl, log);
    onClose(() => workers.stop());
    creditAlerts.start(services);
    onClose(() => creditAlerts.stop());
  }
  onClose(() => http.close());
  onClose(async () => {
    isDraining = true;
    // Whoever sends requests here looks at /readyz and stops; until then they are answered.
    await inFlight.none(Math.min(config.operationDeadlineMs, config.shutdownGraceMs * DRAIN_SHARE));
  });
  return { address, port, services, live, close };
}

async function openNotifier(databaseUrl: string, { redisUrl }: Config, log: Log): Promise<Notifier> {
  const warn = (error: unknown) => log.warn({ err: error }, "a wake-up was lost");
  const pubSub = redisUrl ? new RedisPubSub(redisUrl, warn) : new PostgresPubSub(databaseUrl);
  const notifier = new Notifier(pubSub, warn);
  await notifier.open();
  return notifier;
}

async function listen(http: FastifyInstance, { host, port }: Config): Promise<{ address: string; port: number }> {
  const address = await blaming("PORT, HOST", () => http.listen({ host, port }));
  return { address, port: boundPort(http) ?? port };
}

async function probe({ database }: Services): Promise<string | null> {
  try {
    await database.rows({ name: "ready", text: "SELECT 1" }, []);
    return null;
  } catch {
    return "the database cannot be reached";
  }
}

async function openMailbox({ dataDirectory }: Config): Promise<DevelopmentMailbox> {
  const directory = path.join(dataDirectory, "mailbox");
  await blaming("DATA_DIR", () => assertWritableDirectory(directory));
  return createDevelopmentMailbox(directory);
}

function smtp({ smtpUrl, from }: NonNullable<Config["mail"]>): Mailer {
  return createSmtpMailer({ url: smtpUrl, from });
}

function addDevelopmentPages(
  http: FastifyInstance,
  services: Services,
  issuer: DevelopmentIssuer | null,
  mailbox: DevelopmentMailbox | null,
): void {
  registerDevelopmentPages(http, { issuer, mailbox, database: services.database });
}

function required<Part>(part: Part | null): Part {
  if (part === null) throw new Error("A part is missing that the configuration asks for.");
  return part;
}

function boundPort(http: FastifyInstance): number | undefined {
  const address = http.server.address();
  return typeof address === "object" && address ? address.port : undefined;
}
