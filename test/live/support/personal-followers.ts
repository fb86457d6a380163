import { writePositions } from "../../../src/store/events/positions";
import type { StreamResult } from "../../support/test-subscription";
import { Follower, type Logged, type Transport } from "./follower";
import type { Person, Replicas } from "./replicas";

const CHANGES: Record<string, string> = {
  "member.joined": "JOINED",
  "member.role_changed": "ROLE_CHANGED",
  "member.removed": "REMOVED",
  "organization.deleted": "ORGANIZATION_DELETED",
};

/** Follows a person's memberships from the start, and resumes from the last cursor. */
export class MembershipFollower extends Follower {
  private readonly gathered: Array<{ cursor: string; change: string; organizationId: string }> = [];

  constructor(
    replicas: Replicas,
    who: Person,
    transport: Transport,
    private readonly organizationId: string,
  ) {
    super(replicas, who, transport);
  }

  judge(log: readonly Logged[]): string | null {
    const { who, name, endedWith } = this;
    let isMember = false;
    const due = log.flatMap(({ type, data }) => {
      const isOwn = data.userId === who.id && type.startsWith("member.");
      if (isOwn) isMember = type !== "member.removed";
      return isOwn || (type === "organization.deleted" && isMember) ? (CHANGES[type] ?? type) : [];
    });
    // People have organizations of their own.
    const received = [...this.gathered, ...this.eventsOf(this.stream?.received ?? [])]
      .filter(({ organizationId }) => organizationId === this.organizationId)
      .map(({ change }) => change);
    if (received.join() !== due.join()) return `${name}: got ${received.join()} instead of ${due.join()}`;
    return endedWith ? `${name}: was ended with ${endedWith}` : null;
  }

  protected query(): string {
    const after = this.gathered.at(-1)?.cursor ?? writePositions(this.who.id, new Map());
    return `subscription { viewerMembershipChanged(after: "${after}") { cursor change organizationId } }`;
  }

  protected gather(results: readonly StreamResult[]): void {
    this.gathered.push(...this.eventsOf(results));
  }

  private eventsOf(results: readonly StreamResult[]) {
    return results.flatMap(({ data }) => data?.viewerMembershipChanged ?? []);
  }
}

/** Follows the invitations to a person. Each connection begins with the pending ones. */
export class InvitationFollower extends Follower {
  judge(log: readonly Logged[], pendingIds: ReadonlySet<string>): string | null {
    const { name, endedWith } = this;
    // Deleting the organization does not change its invitations.
    if (log.some(({ type }) => type === "organization.deleted")) return null;
    const received = (this.stream?.received ?? []).flatMap(({ data }) => data?.receivedInvitationChanged ?? []);
    const statuses = new Map<string, string>(received.map(({ id, status }) => [id, status]));
    const pending = [...statuses].flatMap(([id, status]) => (status === "PENDING" ? id : []));
    const due = log.filter(({ type, data }) => type === "invitation.created" && data.email === this.who.email);
    const expected = due.map(({ subjectId }) => subjectId).filter((id) => pendingIds.has(id));
    if (pending.sort().join() !== expected.sort().join())
      return `${name}: ${pending.length} pending instead of ${expected.length}`;
    for (const id of statuses.keys()) {
      const times = received.filter((invitation) => invitation.id === id).length;
      const events = log.filter(({ type, subjectId }) => type.startsWith("invitation.") && subjectId === id).length;
      // One more than the events, because a connection begins with the pending ones.
      if (times > events + 1) return `${name}: got ${times} changes of an invitation with ${events} events`;
    }
    return endedWith ? `${name}: was ended with ${endedWith}` : null;
  }

  protected query(): string {
    return "subscription { receivedInvitationChanged { id status } }";
  }

  protected gather(): void {
    // The next connection begins with the invitations that are pending then.
  }
}
