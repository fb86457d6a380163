import { writeCursor } from "../../../src/store/page";
import { connect, subscribeByEvents, subscribeBySocket, type TestSubscription } from "../../support/test-subscription";
import type { Person, Replicas } from "./replicas";

/** The subscription and its transport. */
export interface Following {
  field: "invitationChanged" | "membershipChanged";
  transport: "WebSocket" | "event stream";
}

/** One row of an organization's log. */
export interface Logged {
  sequence: number;
  type: string;
  data: { userId?: string; after?: { role?: string } };
}

const RETRY_AFTER_MS = 20;
/** Codes of an outage: a client subscribes again after its last cursor. */
const RETRYABLE = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL_SERVER_ERROR"];
const OF_FIELD = {
  invitationChanged: /^invitation\./,
  membershipChanged: /^(member\.|ownership\.transferred$|workspace_access\.)/,
};

/** A client that subscribes, reconnects to any replica when it is cut off, and resumes from its last cursor. */
export class Follower {
  /** The error code that ended it; null while it runs. */
  endedWith: string | null = null;
  private readonly gathered: string[] = [];
  private stream: (TestSubscription & { stop(): void }) | null = null;
  private readonly followed: Promise<void>;
  private isDone = false;

  /** `grant`: 1 if this follows the person's first grant of the right in the log, 2 for the second, … */
  constructor(
    private readonly replicas: Replicas,
    readonly who: Person,
    private readonly organizationId: string,
    private readonly following: Following,
    private readonly grant: number,
    private readonly start: number,
  ) {
    this.followed = this.follow();
  }

  /** The sequence of the last event received; the person's next follower resumes there. */
  get seen(): number {
    const last = this.cursors.at(-1);
    return last === undefined ? this.start : JSON.parse(Buffer.from(last, "base64url").toString()).at(-1);
  }

  disconnect(): void {
    this.stream?.stop();
  }

  async finish(): Promise<void> {
    this.isDone = true;
    this.disconnect();
    await this.followed;
  }

  /** Returns how its events differ from the log, or null. */
  judge(log: readonly Logged[]): string | null {
    const { cursors, endedWith, who, start } = this;
    const { field, transport } = this.following;
    const lost = this.lossIn(log)?.sequence ?? Number.POSITIVE_INFINITY;
    const expected = log
      .filter(({ sequence, type }) => sequence > start && sequence < lost && OF_FIELD[field].test(type))
      .map(({ sequence }) => this.cursorAt(sequence));
    const name = `${who.id}, ${field} by ${transport}`;
    const isLost = Number.isFinite(lost);
    // A client that was offline when it lost the right gets the error when it reconnects, and none of the events before.
    const due = isLost ? expected.slice(0, cursors.length) : expected;
    const wrong = cursors.findIndex((cursor, index) => cursor !== due[index]);
    if (wrong >= 0) return `${name}: number ${wrong} of ${cursors.length} differs from the log`;
    if (cursors.length < due.length) return `${name}: saw ${cursors.length} of ${due.length}, ended with ${endedWith}`;
    if (isLost && !endedWith) return `${name}: goes on without the right`;
    return !isLost && endedWith ? `${name}: was ended with ${endedWith}` : null;
  }

  /** The event that took the right. */
  private lossIn(log: readonly Logged[]): Logged | undefined {
    const { who, following, grant } = this;
    const mine = log.filter(({ data }) => data.userId === who.id);
    const isGrant = ({ type, data }: Logged) =>
      type === "member.joined" || (type === "member.role_changed" && data.after?.role === "ADMIN");
    const granted = mine.filter(isGrant)[grant - 1]?.sequence ?? 0;
    return log.find(({ sequence, type, data }) => {
      if (sequence <= granted) return false;
      if (type === "organization.deleted") return true;
      if (data.userId !== who.id) return false;
      return type === "member.removed" || (type === "member.role_changed" && following.field === "invitationChanged");
    });
  }

  private get cursors(): string[] {
    return [...this.gathered, ...cursorsOf(this.stream, this.following)];
  }

  private cursorAt(sequence: number): string {
    return writeCursor("events", this.organizationId, [sequence]);
  }

  private async follow(): Promise<void> {
    while (!this.isDone && !this.endedWith) {
      const stop = await this.open();
      // `finish` may have been called before there was a stream to end.
      if (this.isDone) this.disconnect();
      const told = (await this.stream?.over()) ?? [];
      this.gathered.push(...cursorsOf(this.stream, this.following));
      this.stream = null;
      const code = told.findLast(({ errors }) => errors)?.errors?.[0]?.extensions.code;
      if (code && !RETRYABLE.includes(code)) this.endedWith = code;
      await stop();
      if (!this.endedWith) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }

  private async open(): Promise<() => Promise<void> | void> {
    const { field, transport } = this.following;
    const after = this.gathered.at(-1) ?? this.cursorAt(this.start);
    const query = `subscription { ${field}(organizationId: "${this.organizationId}", after: "${after}") { cursor } }`;
    const [port, { token }] = [this.replicas.port(), this.who];
    if (transport === "event stream") {
      this.stream = await subscribeByEvents(port, token, query).catch(() => null);
      return () => undefined;
    }
    const client = connect(port, token);
    this.stream = subscribeBySocket(client, query);
    return () => client.dispose();
  }
}

function cursorsOf(stream: TestSubscription | null, { field }: Following): string[] {
  return stream?.received.flatMap(({ data }) => data?.[field].cursor ?? []) ?? [];
}
