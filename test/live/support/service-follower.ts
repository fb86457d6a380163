import type { StreamResult } from "../../support/test-subscription";
import { Follower, type Logged, type Transport } from "./follower";
import type { Person, Replicas } from "./replicas";

interface Received {
  cursor: string;
  organizationId: string;
  sequence: number;
}

/**
 * A service that follows all organizations and resumes from its last cursor. The test compares it with the log of one
 * of them.
 */
export class ServiceFollower extends Follower {
  private readonly gathered: Received[] = [];
  private organizationId = "";

  private constructor(
    replicas: Replicas,
    who: Person,
    transport: Transport,
    private readonly beginning: string,
  ) {
    super(replicas, who, transport);
  }

  /** Follows events from now on. */
  static async from(replicas: Replicas, who: Person, transport: Transport): Promise<ServiceFollower> {
    const { organizationEvents } = await replicas.ask(who, "{ organizationEvents { cursor } }");
    return new ServiceFollower(replicas, who, transport, organizationEvents.cursor).start();
  }

  /** Names the organization whose events are compared; it was created after the start. */
  expect(organizationId: string): this {
    this.organizationId = organizationId;
    return this;
  }

  judge(log: readonly Logged[]): string | null {
    const received = [...this.gathered, ...this.eventsOf(this.stream?.received ?? [])]
      .filter(({ organizationId }) => organizationId === this.organizationId)
      .map(({ sequence }) => sequence);
    const due = log.map(({ sequence }) => sequence);
    if (received.join() !== due.join()) return `${this.name}: got ${received.join()} instead of ${due.join()}`;
    return this.endedWith ? `${this.name}: was ended with ${this.endedWith}` : null;
  }

  protected query(): string {
    const after = this.gathered.at(-1)?.cursor ?? this.beginning;
    return `subscription { organizationEvents(after: "${after}") { cursor organizationId sequence } }`;
  }

  protected gather(results: readonly StreamResult[]): void {
    this.gathered.push(...this.eventsOf(results));
  }

  private eventsOf(results: readonly StreamResult[]): Received[] {
    return results.flatMap(({ data }) => data?.organizationEvents ?? []);
  }
}
