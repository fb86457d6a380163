import { writeEventCursor } from "../../../src/store/events/event-cursor";
import type { StreamResult } from "../../support/test-subscription";
import { Follower, type Logged, type Transport } from "./follower";
import type { Person, Replicas } from "./replicas";

export type LogField = "invitationChanged" | "membershipChanged" | "organizationChanged" | "auditLogChanged";

interface Followed {
  organizationId: string;
  field: LogField;
  /** 1 if this follows the person's first grant of the right in the log, 2 for the second, … */
  grant: number;
  /** The sequence that it starts after. */
  start: number;
}

const OF_FIELD = {
  invitationChanged: /^invitation\./,
  membershipChanged: /^(member\.|ownership\.transferred$|workspace_access\.)/,
  organizationChanged: /^(organization|workspace|workspace_access|subscription|credits|byok)\./,
  auditLogChanged: /./,
};

/** The streams that need a role above VIEWER. */
const FOR_ADMINS: readonly LogField[] = ["invitationChanged", "auditLogChanged"];

/** The roles that see an event of `organizationChanged`. Nobody in a schedule is assigned to a workspace. */
function rolesThatSee(type: string): string[] {
  if (type === "organization.limits_changed") return ["OWNER", "ADMIN"];
  if (type.startsWith("organization.")) return ["OWNER", "ADMIN", "VIEWER"];
  if (/^byok\.(?!resealed|verified|expiring)/.test(type)) return ["OWNER", "ADMIN", "VIEWER"];
  return type.startsWith("workspace") ? ["OWNER", "ADMIN"] : ["OWNER"];
}

/** Follows the log of an organization, and resumes from its last cursor. */
export class LogFollower extends Follower {
  private readonly gathered: string[] = [];

  constructor(
    replicas: Replicas,
    who: Person,
    transport: Transport,
    private readonly followed: Followed,
  ) {
    super(replicas, who, transport);
  }

  /** The sequence of the last event received; the person's next follower resumes there. */
  get seen(): number {
    const last = this.cursors.at(-1);
    return last === undefined ? this.followed.start : sequenceOf(last);
  }

  judge(log: readonly Logged[]): string | null {
    const { endedWith, name } = this;
    const { field, start } = this.followed;
    const lost = this.lossIn(log);
    const end = lost?.sequence ?? Number.POSITIVE_INFINITY;
    const isOfField = ({ sequence, type }: Logged) => sequence > start && sequence < end && OF_FIELD[field].test(type);
    const events = log.filter(isOfField);
    // A role that changed after an event decides whether a late reader still gets it.
    const due = events.filter((event) => this.rolesSince(event, log, end).every((sees) => sees));
    const allowed = events.filter((event) => this.rolesSince(event, log, end).some((sees) => sees));
    if (lost?.type === "organization.deleted" && field === "organizationChanged") allowed.push(lost);
    const received = this.cursors.map(sequenceOf);
    const last = received.at(-1) ?? 0;
    const wrong = received.findIndex((sequence, index) => sequence <= (received[index - 1] ?? start));
    if (wrong >= 0) return `${name}: number ${wrong} of ${received.length} is not in order`;
    const extra = received.find((sequence) => !allowed.some((event) => event.sequence === sequence));
    if (extra !== undefined) return `${name}: got event ${extra} without the right`;
    // A client that was offline when it lost the right gets the error when it reconnects, and none of the events before.
    const missing = due.find(({ sequence }) => !received.includes(sequence) && (sequence < last || !lost));
    if (missing) return `${name}: lacks event ${missing.sequence}, ${missing.type}; ended with ${endedWith}`;
    if (lost && !endedWith) return `${name}: goes on without the right`;
    return !lost && endedWith ? `${name}: was ended with ${endedWith}` : null;
  }

  protected query(): string {
    const { field, organizationId, start } = this.followed;
    const after = this.gathered.at(-1) ?? writeEventCursor(organizationId, start);
    return `subscription { ${field}(organizationId: "${organizationId}", after: "${after}") { cursor } }`;
  }

  protected gather(results: readonly StreamResult[]): void {
    this.gathered.push(...this.cursorsOf(results));
  }

  /** The event that took the right. */
  private lossIn(log: readonly Logged[]): Logged | undefined {
    const { who } = this;
    const { field, grant } = this.followed;
    const mine = log.filter(({ data }) => data.userId === who.id);
    const isGrant = ({ type, data }: Logged) =>
      type === "member.joined" || (type === "member.role_changed" && data.after?.role === "ADMIN");
    const granted = mine.filter(isGrant)[grant - 1]?.sequence ?? 0;
    return log.find(({ sequence, type, data }) => {
      if (sequence <= granted) return false;
      if (type === "organization.deleted") return true;
      if (data.userId !== who.id) return false;
      return type === "member.removed" || (type === "member.role_changed" && FOR_ADMINS.includes(field));
    });
  }

  /** Whether the role at an event, and each role until the right was lost, sees the event. */
  private rolesSince({ sequence, type }: Logged, log: readonly Logged[], end: number): boolean[] {
    if (this.followed.field !== "organizationChanged") return [true];
    const changes = log.filter((event) => event.data.userId === this.who.id && event.sequence < end);
    const roles = changes.flatMap((event) => (event.data.after?.role ? { ...event, role: event.data.after.role } : []));
    const current = roles.findLast((event) => event.sequence <= sequence);
    const later = roles.filter((event) => event.sequence > sequence);
    return [...(current ? [current] : []), ...later].map(({ role }) => rolesThatSee(type).includes(role));
  }

  private get cursors(): string[] {
    return [...this.gathered, ...this.cursorsOf(this.stream?.received ?? [])];
  }

  private cursorsOf(results: readonly StreamResult[]): string[] {
    return results.flatMap(({ data }) => data?.[this.followed.field].cursor ?? []);
  }
}

function sequenceOf(cursor: string): number {
  return JSON.parse(Buffer.from(cursor, "base64url").toString()).at(-1);
}
