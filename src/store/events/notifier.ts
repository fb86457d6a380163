import { createHash, randomUUID } from "node:crypto";
import type { Change } from "../../domain/events";

/** What carries announcements from one process to all others. It may lose some: those who listen also poll. */
export interface PubSub {
  publish(payload: string): Promise<void>;
  /** `onGap`: announcements may have been lost, everything has to be looked at. */
  subscribe(handlers: { onPayload(payload: string): void; onGap(): void }): Promise<void>;
  close(): Promise<void>;
}

/** Hears which topics to look at; null: all of them. */
type Listener = (topics: readonly string[] | null) => void;

/** As many as fit a notification of PostgreSQL's 7,999 bytes. */
const TOPICS_AT_ONCE = 180;

/** The topics of an organization's changes: the organization, and whoever an invitation is addressed to. */
export function topicsOf(organizationId: string, changes: readonly Change[]): string[] {
  const addresses = new Set<string>();
  for (const { type, data } of changes) {
    if (type.startsWith("invitation.") && typeof data?.email === "string") addresses.add(data.email);
  }
  return [organizationId, ...[...addresses].map(addresseeTopic)];
}

/** The topic of whoever reads the mail of an address. A hash: addresses are not for channels and their logs. */
export function addresseeTopic(email: string): string {
  return createHash("sha256").update(email).digest("base64url").slice(0, 22);
}

/** The topic of what is known of a person. A hash as well. */
export function personTopic(userId: string): string {
  return createHash("sha256").update("person:").update(userId).digest("base64url").slice(0, 22);
}

/**
 * Tells every process that something happened, never what: they read it from the event log. Announced after the
 * commit, outside transactions, and gathered while an announcement is under way.
 */
export class Notifier {
  private readonly sender = randomUUID();
  private readonly pending = new Set<string>();
  private readonly listeners: Listener[] = [];
  private sending: Promise<void> | null = null;

  constructor(
    private readonly pubSub: PubSub,
    private readonly warn: (error: unknown) => void,
  ) {}

  async open(): Promise<void> {
    await this.pubSub.subscribe({
      onPayload: (payload) => this.onMessage(payload),
      onGap: () => this.notifyListeners(null),
    });
  }

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Wakes this process at once, and the others as soon as the announcement before has left. */
  publish(topics: readonly string[]): void {
    if (topics.length === 0) return;
    for (const topic of topics) this.pending.add(topic);
    this.sending ??= this.flush().finally(() => {
      this.sending = null;
    });
    this.notifyListeners(topics);
  }

  async close(): Promise<void> {
    await this.sending;
    await this.pubSub.close();
  }

  private async flush(): Promise<void> {
    while (this.pending.size > 0) {
      const topics = [...this.pending].slice(0, TOPICS_AT_ONCE);
      for (const topic of topics) this.pending.delete(topic);
      await this.pubSub.publish([this.sender, ...topics].join(" ")).catch(this.warn);
    }
  }

  private onMessage(payload: string): void {
    const [sender, ...topics] = payload.split(" ");
    if (sender !== this.sender) this.notifyListeners(topics);
  }

  private notifyListeners(topics: readonly string[] | null): void {
    for (const listener of this.listeners) listener(topics);
  }
}
