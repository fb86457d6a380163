import type { FastifyInstance } from "fastify";
import { dropSessions } from "./commands/byok/drop-sessions";
import type { Services } from "./commands/runner/unit-of-work";
import { attributeTo, type Config } from "./config/config";
import { seedDemo } from "./development/demo/seed-demo";
import { openDevelopmentIssuer } from "./development/issuer/development-issuer";
import { registerDevelopmentPages } from "./development/pages/register-development-pages";
import type { Mailer } from "./integrations/mail/mailer";
import { CreditAlertQueue } from "./jobs/credit-alert-queue";
import { SCHEDULE, startWorkers } from "./jobs/worker";
import { Subscriptions } from "./live/subscriptions";
import type { Log } from "./log";
import { openIntegrations } from "./open-integrations";
import { openNotifier } from "./open-notifier";
import { openStore, type Store, type StoreOptions } from "./open-store";
import { openTracing } from "./open-tracing";
import { createAuthenticate } from "./server/caller/authenticate";
import { LastSeen } from "./server/caller/last-seen";
import { fixedKeys, RemoteKeys } from "./server/caller/provider-keys";
import type { TrustedIssuer } from "./server/caller/verify-token";
import { createHttpServer } from "./server/http";
import { endKeepAlive, InFlight } from "./server/operations/in-flight";
import type { RequestTimeouts } from "./server/operations/request-timeouts";
import { KeyedMutex } from "./store/engine/mutex";
import { withStatementTimeout } from "./store/engine/statement-timeout";
import { readEpochs } from "./store/events/epochs";

/** The share of the shutdown's time for running requests. The rest is for jobs and connections. */
const DRAIN_SHARE = 2 / 3;
/** The share of the shutdown's time after which jobs that still run are left to another process. */
const JOBS_SHARE = 5 / 6;
/** The timeout per statement of the live feeds, in milliseconds. Feeds try again. */
const LIVE_READ_MS = 5_000;
/**
 * The timeout of the background statement that stores when people were last seen, in milliseconds. It is tried again.
 */
const LAST_SEEN_MS = 2_000;

/** A running service. */
export interface App {
  address: string;
  port: number;
  services: Services;
  live: Subscriptions;
  /** Stops accepting requests, finishes running requests and jobs, and closes all connections. */
  close(): Promise<void>;
}

/** Replacements for tests. */
export interface Overrides {
  clock?: Services["clock"];
  mailer?: Mailer;
  /** False: jobs stay queued. */
  jobs?: boolean;
  /** False: no job starts by the time of day. */
  schedule?: boolean;
  /** How long clients may take to send a request. */
  requestTimeouts?: RequestTimeouts;
}

/**
 * Creates all parts of the service and starts them. If one fails to start, the parts before it are stopped again. The
 * same happens if `ending` is aborted before the service listens; its reason is then thrown.
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

interface StartOptions extends StoreOptions {
  overrides: Overrides;
  close(): Promise<void>;
}

async function start(options: StartOptions): Promise<App> {
  const { config, log, overrides, ending, onClose, close } = options;
  const tracing = openTracing(config, log);
  onClose(async () => tracing?.close());
  const store = await openStore(options);
  const { services, mailbox, creditAlerts } = await openServices(store, options);
  const live = openLive(services, log);
  const { issuer, authenticate, lastSeen } = await openAuthentication(services, live, options);
  let drainingSince: number | null = null;
  const inFlight = new InFlight();
  const http = await createHttpServer({
    ...{ services, live, replica: store.replica, authenticate, tracing, log, config, inFlight },
    requestTimeouts: overrides.requestTimeouts,
    isDraining: () => drainingSince !== null,
  });
  if (!config.production) registerDevelopmentPages(http, { issuer, mailbox, database: store.database });
  ending.throwIfAborted();
  const { address, port } = await listen(http, config);
  // Without APP_URL, links lead to the port on which the server listens.
  services.integrations.appUrl ||= `http://localhost:${port}`;
  if (config.seedDemo) await seedDemo(services);

  if (overrides.jobs !== false) {
    const workers = await startWorkers(services, log, {
      ...{ databaseUrl: store.directUrl, concurrency: config.connections.jobs, tracing },
      schedule: overrides.schedule === false ? [] : SCHEDULE,
    });
    onClose(() => {
      const spent = performance.now() - (drainingSince ?? performance.now());
      return workers.stop(config.shutdownGraceMs * JOBS_SHARE - spent);
    });
    creditAlerts.start(services);
    onClose(() => creditAlerts.stop());
  }
  onClose(() => lastSeen.stop());
  onClose(() => http.close());
  onClose(async () => {
    drainingSince = performance.now();
    // Load balancers see /readyz fail and send no more requests. The service still answers requests that arrive.
    endKeepAlive(http.server);
    await inFlight.none(Math.min(config.operationDeadlineMs, config.shutdownGraceMs * DRAIN_SHARE));
  });
  return { address, port, services, live, close };
}

/** Opens what commands work with. */
async function openServices({ database, directUrl }: Store, { config, log, overrides, onClose }: StartOptions) {
  const notifier = await openNotifier(directUrl, config.redisUrl, log);
  onClose(() => notifier.close());
  const { integrations, mailbox } = await openIntegrations(config, log, overrides.mailer);
  onClose(() => integrations.mailer.close());
  const creditAlerts = new CreditAlertQueue((error) => log.warn({ err: error }, "could not send credit alerts"));
  const clock = overrides.clock ?? { now: () => new Date() };
  const services = {
    ...{ database, mutex: new KeyedMutex(), clock, epochs: await readEpochs(database), notifier, creditAlerts },
    ...{ integrations, retention: config.retention },
  };
  notifier.subscribe((topics) => {
    dropSessions(services, topics).catch((error: unknown) => log.warn({ err: error }, "could not drop AWS sessions"));
  });
  return { services, mailbox, creditAlerts };
}

type OpenServices = Awaited<ReturnType<typeof openServices>>["services"];

function openLive({ database, clock, epochs, notifier }: OpenServices, log: Log): Subscriptions {
  const { isDistributed } = database;
  const dependencies = { database: withStatementTimeout(database, LIVE_READ_MS), isDistributed, clock, epochs };
  const warnLate = (error: unknown) => log.warn({ err: error }, "live events are late");
  return new Subscriptions(dependencies, notifier, warnLate);
}

/** Opens the check of tokens: of the identity provider, or of an issuer for development. */
async function openAuthentication(services: OpenServices, live: Subscriptions, options: StartOptions) {
  const { config, log, onClose } = options;
  const issuer = config.identityProvider ? null : await openDevelopmentIssuer(config.dataDirectory);
  const trusted = issuer
    ? { ...issuer, keys: fixedKeys(issuer.publicKeys) }
    : trustProvider(required(config.identityProvider), { clock: services.clock, log, live, onClose });
  const lastSeen = new LastSeen(withStatementTimeout(services.database, LAST_SEEN_MS), (error) =>
    log.warn({ err: error }, "could not store when people were last seen"),
  );
  const authenticate = createAuthenticate(services, trusted, config.operationDeadlineMs, lastSeen);
  services.notifier.subscribe(authenticate.forget);
  return { issuer, authenticate, lastSeen };
}

/** Trusts the identity provider's current keys. Streams end when the key of their token is withdrawn. */
function trustProvider(
  { issuer, audience, jwksUrl }: NonNullable<Config["identityProvider"]>,
  { clock, log, live, onClose }: Pick<Services, "clock"> & Pick<App, "live"> & Pick<StartOptions, "log" | "onClose">,
): TrustedIssuer {
  const onWithdrawn = () => live.endUntrusted((signedBy) => keys.has(signedBy));
  const keys = new RemoteKeys({ url: jwksUrl, clock, log, onWithdrawn });
  onClose(async () => keys.close());
  return { issuer, audience, keys };
}

async function listen(http: FastifyInstance, { host, port }: Config): Promise<{ address: string; port: number }> {
  const address = await attributeTo("PORT, HOST", () => http.listen({ host, port }));
  return { address, port: boundPort(http) ?? port };
}

function required<Value>(value: Value | null): Value {
  if (value === null) throw new Error("The configuration lacks a value that it was checked for.");
  return value;
}

function boundPort(http: FastifyInstance): number | undefined {
  const address = http.server.address();
  return typeof address === "object" && address ? address.port : undefined;
}
