import { hash, randomUUID } from "node:crypto";
import type { Change } from "../../domain/events";
import { concernsAllMembers, peopleConcerned } from "../../domain/live";

/** Carries messages from one process to all others. Some may get lost, so subscribers also poll. */
export interface PubSub {
  publish(payload: string): Promise<void>;
  /** `onGap`: messages may have been lost; subscribers must check everything. */
  subscribe(handlers: { onPayload(payload: string): void; onGap(): void }): Promise<void>;
  close(): Promise<void>;
}

/** Receives the topics that changed; null if any topic may have changed. */
type Listener = (topics: readonly string[] | null) => void;

/** This many topics fit into the 7,999 bytes of a PostgreSQL notification. */
const TOPICS_PER_MESSAGE = 180;

/** The topic of changes that concern all members of an organization, who may be many. */
export const MANY_PEOPLE = "people";

/** The topics of an organization's changes: the organization, the addressees of invitations and the people concerned. */
export function topicsOf(organizationId: string, changes: readonly Change[]): string[] {
  const topics = new Set([organizationId]);
  const people = new Set<string>();
  for (const { type, data = {} } of changes) {
    if (type.startsWith("invitation.") && typeof data.email === "string") topics.add(addresseeTopic(data.email));
    for (const userId of peopleConcerned({ type, data })) people.add(userId);
    if (concernsAllMembers(type)) topics.add(MANY_PEOPLE);
  }
  for (const userId of people) topics.add(membershipTopic(userId));
  return [...topics];
}

/** The topic of a person's memberships, hashed like addresses. */
export function membershipTopic(userId: string): string {
  return hash("sha256", `memberships:${userId}`, "base64url").slice(0, 22);
}

/** The topic of the invitations to an address. Hashed, so that addresses do not get into the logs of PostgreSQL or Redis. */
export function addresseeTopic(email: string): string {
  return hash("sha256", email, "base64url").slice(0, 22);
}

/** The topic of a person's stored identity, hashed like addresses. */
export function personTopic(userId: string): string {
  return hash("sha256", `person:${userId}`, "base64url").slice(0, 22);
}

/**
 * Tells every process which logs have grown. A notification carries no data: subscribers read the event log. Publish
 * after the commit. Topics published while a message is being sent are collected into the next one.
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

  /** Notifies this process at once, and the others after the current message is sent. */
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
      const topics = [...this.pending].slice(0, TOPICS_PER_MESSAGE);
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
