import { writeCursor } from "../../../src/store/page";
import { connect, type Watching, watch, watchEvents } from "../../support/watching";
import type { Person, Replicas } from "./replicas";

/** What is followed, and by which transport. */
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

const AGAIN_AFTER_MS = 20;
const OF_FIELD = {
  invitationChanged: /^invitation\./,
  membershipChanged: /^(member\.|ownership\.transferred$|workspace_access\.changed$)/,
};

/** A client that watches, comes back wherever it can when it is cut off, and goes on after its last cursor. */
export class Follower {
  /** The code of its last result; null while it follows. */
  endedWith: string | null = null;
  private readonly gathered: string[] = [];
  private stream: (Watching & { stop(): void }) | null = null;
  private readonly followed: Promise<void>;
  private isDone = false;

  /** `grant`: the how manieth right of theirs this is, by the order of the log. */
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

  /** How far it is: the next of its person's goes on there. */
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

  /** What is wrong with what it saw by this log, or null. */
  judge(log: readonly Logged[]): string | null {
    const { cursors, endedWith, who, start } = this;
    const { field, transport } = this.following;
    const lost = this.lossIn(log)?.sequence ?? Number.POSITIVE_INFINITY;
    const expected = log
      .filter(({ sequence, type }) => sequence > start && sequence < lost && OF_FIELD[field].test(type))
      .map(({ sequence }) => this.cursorAt(sequence));
    const name = `${who.id}, ${field} by ${transport}`;
    const isLost = Number.isFinite(lost);
    // Somebody who was away while they lost their right is told so when they come back, and no more of what was before.
    const due = isLost ? expected.slice(0, cursors.length) : expected;
    const wrong = cursors.findIndex((cursor, index) => cursor !== due[index]);
    if (wrong >= 0) return `${name}: number ${wrong} of ${cursors.length} is not what the log says`;
    if (cursors.length < due.length) return `${name}: saw ${cursors.length} of ${due.length}`;
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
      // Whoever finished it meanwhile had no stream to end yet.
      if (this.isDone) this.disconnect();
      const told = (await this.stream?.over()) ?? [];
      this.gathered.push(...cursorsOf(this.stream, this.following));
      this.stream = null;
      const code = told.findLast(({ errors }) => errors)?.errors?.[0]?.extensions.code;
      // The database was away when it asked: it asks again.
      if (code && code !== "INTERNAL_SERVER_ERROR") this.endedWith = code;
      await stop();
      if (!this.endedWith) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }

  private async open(): Promise<() => Promise<void> | void> {
    const { field, transport } = this.following;
    const after = this.gathered.at(-1) ?? this.cursorAt(this.start);
    const query = `subscription { ${field}(organizationId: "${this.organizationId}", after: "${after}") { cursor } }`;
    const [port, { token }] = [this.replicas.port(), this.who];
    if (transport === "event stream") {
      this.stream = await watchEvents(port, token, query).catch(() => null);
      return () => undefined;
    }
    const client = connect(port, token);
    this.stream = watch(client, query);
    return () => client.dispose();
  }
}

function cursorsOf(stream: Watching | null, { field }: Following): string[] {
  return stream?.received.flatMap(({ data }) => data?.[field].cursor ?? []) ?? [];
}
