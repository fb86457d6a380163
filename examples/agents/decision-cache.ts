import DataLoader from "dataloader";
import { LRUCache } from "lru-cache";
import type { OrganizationEvent } from "./event-follower";

/** Somebody's permission to run agents in a workspace. */
export interface Check {
  userId: string;
  workspaceId: string;
}

export interface Decision {
  allowed: boolean;
  reasons: string[];
  organizationId: string | null;
  sequence: number | null;
  validUntil: string | null;
}

const MAX_DECISIONS = 10_000;
/** The longest use of a decision, in case events stop without a notice. */
const MAX_AGE_MS = 60_000;
const MAX_CHECKS = 1_000;
/** Events of these kinds change nobody's permissions. An unknown kind might. */
const HARMLESS = /^(invitation|subscription|credits|byok)\./;

/**
 * Decisions of the organizations service, each used until an event of its organization comes. While events may be
 * missing, the cache is off and every decision is requested.
 */
export class DecisionCache {
  /** How many requests the cache has sent. */
  requests = 0;
  private readonly keysByOrganization = new Map<string, Set<string>>();
  private readonly decisions = new LRUCache<string, Decision>({
    max: MAX_DECISIONS,
    ttl: MAX_AGE_MS,
    dispose: ({ organizationId }, key) => this.forget(organizationId ?? "", key),
  });
  /** For each running request: the sequences of the events that came since it was sent, by organization. */
  private readonly eventsDuring = new Set<Map<string, number>>();
  private isFollowing = false;
  private readonly loader = new DataLoader<Check, Decision>((checks) => this.check(checks), {
    cache: false,
    maxBatchSize: MAX_CHECKS,
  });

  constructor(
    private readonly ask: (checks: readonly Check[]) => Promise<Decision[]>,
    private readonly now: () => number = Date.now,
  ) {}

  async decide(check: Check): Promise<Decision> {
    const cached = this.decisions.get(keyOf(check));
    // Temporary access ends without an event at that instant.
    const isValid = cached && (cached.validUntil === null || Date.parse(cached.validUntil) > this.now());
    return isValid ? cached : await this.loader.load(check);
  }

  /** Sets whether events arrive. Without events, changes go unnoticed, so all decisions are dropped. */
  setFollowing(isFollowing: boolean): void {
    this.isFollowing = isFollowing;
    this.decisions.clear();
    // The decisions in flight may be older than the events that arrive from now on.
    this.eventsDuring.clear();
  }

  onEvent({ organizationId, sequence, type }: OrganizationEvent): void {
    if (HARMLESS.test(type)) return;
    for (const events of this.eventsDuring) events.set(organizationId, sequence);
    for (const key of this.keysByOrganization.get(organizationId) ?? []) {
      // A decision from after the event stays.
      if ((this.decisions.peek(key)?.sequence ?? 0) < sequence) this.decisions.delete(key);
    }
  }

  private async check(checks: readonly Check[]): Promise<Decision[]> {
    const events = new Map<string, number>();
    this.eventsDuring.add(events);
    this.requests += 1;
    try {
      const decisions = await this.ask(checks);
      if (this.isFollowing && this.eventsDuring.has(events)) {
        for (const [index, check] of checks.entries()) this.keep(keyOf(check), decisions[index], events);
      }
      return decisions;
    } finally {
      this.eventsDuring.delete(events);
    }
  }

  /**
   * Caches a decision unless a later event came before it. A stranger's decision has no sequence, so it is never
   * cached.
   */
  private keep(key: string, decision: Decision | undefined, events: ReadonlyMap<string, number>): void {
    if (!decision || decision.organizationId === null || decision.sequence === null) return;
    const { organizationId, sequence } = decision;
    if ((events.get(organizationId) ?? 0) > sequence) return;
    this.decisions.set(key, decision);
    const keys = this.keysByOrganization.get(organizationId) ?? new Set();
    this.keysByOrganization.set(organizationId, keys.add(key));
  }

  private forget(organizationId: string, key: string): void {
    const keys = this.keysByOrganization.get(organizationId);
    keys?.delete(key);
    if (keys?.size === 0) this.keysByOrganization.delete(organizationId);
  }
}

function keyOf({ userId, workspaceId }: Check): string {
  return `${workspaceId.toLowerCase()} ${userId}`;
}
