import type { Config } from "./config/config";
import type { Log } from "./log";
import { Notifier } from "./store/events/notifier";
import { PostgresPubSub } from "./store/events/postgres-pubsub";
import { RedisPubSub } from "./store/events/redis-pubsub";

/** Connects to the other replicas: over Redis where it is configured, over PostgreSQL otherwise. */
export async function openNotifier(databaseUrl: string, redisUrl: Config["redisUrl"], log: Log): Promise<Notifier> {
  const warn = (error: unknown) => log.warn({ err: error }, "a notification was lost");
  const pubSub = redisUrl ? new RedisPubSub(redisUrl, warn) : new PostgresPubSub(databaseUrl);
  const notifier = new Notifier(pubSub, warn);
  await notifier.open();
  return notifier;
}
