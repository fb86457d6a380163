import { createClient } from "@redis/client";
import type { PubSub } from "./notifier";

const CHANNEL = "organizations";
const TIMEOUT_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;

/** Throws unless Redis answers and lets this user use the channel. Notifies nobody. */
export async function verifyRedis(url: string): Promise<void> {
  const client = createClient({ url, socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: false } });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.subscribe(CHANNEL, () => undefined);
  } finally {
    if (client.isOpen) client.destroy();
  }
}

/** Pub/sub by Redis. It keeps reconnecting while Redis is down, even at the start of the service. */
export class RedisPubSub implements PubSub {
  private readonly publisher;
  private readonly subscriber;

  constructor(url: string, warn: (error: unknown) => void) {
    this.publisher = createClient({
      url,
      disableOfflineQueue: true,
      pingInterval: TIMEOUT_MS,
      socket: {
        connectTimeout: TIMEOUT_MS,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_RETRY_MS),
      },
    });
    this.subscriber = this.publisher.duplicate({ disableOfflineQueue: false });
    for (const client of [this.publisher, this.subscriber]) client.on("error", warn);
  }

  async publish(payload: string): Promise<void> {
    await this.publisher.publish(CHANNEL, payload);
  }

  async subscribe({ onPayload, onGap }: Parameters<PubSub["subscribe"]>[0]): Promise<void> {
    this.subscriber.on("ready", onGap);
    const connected = Promise.all([this.publisher.connect(), this.subscriber.connect()]).then(() =>
      this.subscriber.subscribe(CHANNEL, onPayload),
    );
    // The error event logs failures. Without Redis the service starts, and polls.
    connected.catch(() => undefined);
    await Promise.race([connected, new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS).unref())]);
  }

  async close(): Promise<void> {
    for (const client of [this.publisher, this.subscriber]) if (client.isOpen) client.destroy();
  }
}
