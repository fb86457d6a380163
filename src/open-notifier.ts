import type { Config } from "./config/config";
import type { Log } from "./log";
import { Notifier, type PubSub } from "./store/events/notifier";
import { PostgresPubSub } from "./store/events/postgres-pubsub";

/** Connects to the other replicas: over Redis if it is configured, otherwise over PostgreSQL. */
export async function openNotifier(databaseUrl: string, redisUrl: Config["redisUrl"], log: Log): Promise<Notifier> {
  const warn = (error: unknown) => log.warn({ err: error }, "a notification was lost");
  const pubSub = redisUrl ? redisPubSub(redisUrl, warn) : new PostgresPubSub(databaseUrl);
  const notifier = new Notifier(pubSub, warn);
  await notifier.open();
  return notifier;
}

/** Redis's library has about 500 files, so it is loaded only if it is used. */
function redisPubSub(url: string, warn: (error: unknown) => void): PubSub {
  const { RedisPubSub } = require("./store/events/redis-pubsub") as typeof import("./store/events/redis-pubsub");
  return new RedisPubSub(url, warn);
}
