import type { Follower, Logged, Transport } from "./follower";
import { type LogField, LogFollower } from "./log-follower";
import { InvitationFollower, MembershipFollower } from "./personal-followers";
import type { Person, Replicas } from "./replicas";
import { ServiceFollower } from "./service-follower";

const STEPS = 14;
const FAULT_EVERY = 40;
const SETTLED_WITHIN_MS = 45_000;
const TRANSPORTS: Transport[] = ["WebSocket", "event stream"];
const FIELDS: LogField[] = ["invitationChanged", "membershipChanged", "organizationChanged", "auditLogChanged"];
const LOG = `
  SELECT sequence, type, subject_id AS "subjectId", data FROM organization_event WHERE organization_id = $1 ORDER BY sequence`;
const PENDING = "SELECT id FROM invitation WHERE organization_id = $1 AND status = 'PENDING'";

type Invited = { invitationId: string; who: Person };
type Admin = { who: Person; memberId: string; followers: LogFollower[]; grants: number };

/** Random changes of one organization, and the clients that subscribe to them. */
export class Schedule {
  readonly followers: Follower[] = [];
  private readonly open: Invited[] = [];
  private readonly admins: Admin[] = [];
  private readonly demoted: Admin[] = [];
  private changes = 0;

  private constructor(
    private readonly replicas: Replicas,
    private readonly owner: Person,
    private readonly organizationId: string,
  ) {
    this.follow(owner, 1, 0);
  }

  /** Runs one schedule. Returns the number of followers; throws if one received wrong events. */
  static async play(replicas: Replicas, random: () => number): Promise<number> {
    const owner = await replicas.person();
    const transport = replicas.pick(TRANSPORTS) ?? "WebSocket";
    const service = await ServiceFollower.from(replicas, await replicas.service(), transport);
    const created = await replicas.ask(
      owner,
      `mutation { createOrganization(input: { name: "S" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
    );
    const { id } = created.createOrganization.organization;
    const schedule = new Schedule(replicas, owner, id);
    schedule.followers.push(service.expect(id));
    await schedule.mutate(owner, "changePlan", `planCode: "ENTERPRISE"`);
    for (let step = 0; step < STEPS; step++) {
      await replicas.pick(schedule.steps)?.();
      if (random() < 1 / FAULT_EVERY) await replicas.causeFault();
    }
    if (random() < 0.1) await schedule.mutate(owner, "deleteOrganization", `confirmName: "S"`);
    await schedule.settle();
    for (const follower of schedule.followers) await follower.finish();
    return schedule.followers.length;
  }

  private readonly steps: Array<() => Promise<unknown>> = [
    async () => this.open.push(await this.invite("DEVELOPER")),
    async () => this.open.push(await this.invite("VIEWER")),
    async () => this.answered((one) => this.accept(one)),
    async () => this.answered(({ who, invitationId }) => this.answer(who, "declineInvitation", invitationId)),
    async () =>
      this.answered(({ invitationId }) =>
        this.mutate(this.owner, "cancelInvitation", `invitationId: "${invitationId}"`),
      ),
    () => this.addAdmin(),
    () => this.demote(),
    () => this.promote(),
    () => this.remove(),
    () => this.createWorkspace(),
    () => this.mutate(this.owner, "updateOrganization", `description: "Step ${++this.changes}"`),
    async () => this.replicas.pick(this.followers)?.disconnect(),
    async () => this.replicas.pick(this.followers)?.disconnect(),
  ];

  private async addAdmin(): Promise<void> {
    const invited = await this.invite("ADMIN");
    const memberId = await this.accept(invited);
    if (!memberId) return;
    const followers = [this.follow(invited.who, 1, 0)];
    this.admins.push({ who: invited.who, memberId, followers, grants: 1 });
  }

  private async demote(): Promise<void> {
    const admin = this.admins.shift();
    if (!admin) return;
    await this.mutate(this.owner, "changeMemberRole", `memberId: "${admin.memberId}", role: VIEWER`);
    this.demoted.push(admin);
  }

  /** Grants the right again to a person whose stream has ended; a new follower resumes from the last event. */
  private async promote(): Promise<void> {
    const admin = this.demoted.shift();
    if (!admin) return;
    await this.settle();
    await this.mutate(this.owner, "changeMemberRole", `memberId: "${admin.memberId}", role: ADMIN`);
    const from = admin.followers.at(-1);
    admin.grants += 1;
    if (from?.endedWith) admin.followers.push(this.follow(admin.who, admin.grants, from.seen));
    this.admins.push(admin);
  }

  private async remove(): Promise<void> {
    const admin = this.admins.shift();
    if (admin) await this.mutate(this.owner, "removeMember", `memberId: "${admin.memberId}"`);
  }

  private createWorkspace() {
    return this.mutate(this.owner, "createWorkspace", `name: "W${++this.changes}", cloudProvider: AWS`);
  }

  private follow(who: Person, grant: number, start: number): LogFollower {
    const { organizationId } = this;
    const field = this.replicas.pick(FIELDS) ?? "membershipChanged";
    const follower = new LogFollower(this.replicas, who, this.transport, { organizationId, field, grant, start });
    this.followers.push(follower.start());
    return follower;
  }

  /** Follows one invitee in every three by each of the streams over all organizations. */
  private followInvitee(who: Person): void {
    const { replicas, transport } = this;
    const kind = replicas.pick(["invitations", "memberships", null]);
    if (kind === "invitations") this.followers.push(new InvitationFollower(replicas, who, transport).start());
    if (kind === "memberships")
      this.followers.push(new MembershipFollower(replicas, who, transport, this.organizationId).start());
  }

  private get transport(): Transport {
    return this.replicas.pick(TRANSPORTS) ?? "WebSocket";
  }

  private async answered(how: (invited: Invited) => Promise<unknown>): Promise<void> {
    const one = this.open.shift();
    if (one) await how(one);
  }

  private async invite(role: string): Promise<Invited> {
    const who = await this.replicas.person();
    this.followInvitee(who);
    const input = `emails: ["${who.email}"], role: ${role}`;
    const data = await this.mutate(
      this.owner,
      "inviteMembers",
      input,
      "... on InviteMembersSuccess { invitations { id } }",
    );
    return { who, invitationId: data.inviteMembers.invitations[0].id };
  }

  private async accept({ who, invitationId }: Invited): Promise<string | undefined> {
    const selection = "... on AcceptInvitationSuccess { member { id } }";
    const data = await this.answer(who, "acceptInvitation", invitationId, selection);
    return data?.acceptInvitation?.member?.id;
  }

  private answer(who: Person, mutation: string, invitationId: string, selection = "__typename") {
    return this.replicas.ask(
      who,
      `mutation { ${mutation}(input: { invitationId: "${invitationId}" }) { ${selection} } }`,
    );
  }

  private mutate(who: Person, mutation: string, input: string, selection = "__typename") {
    const of = `organizationId: "${this.organizationId}"`;
    return this.replicas.ask(who, `mutation { ${mutation}(input: { ${of}, ${input} }) { ${selection} } }`);
  }

  /** Waits until all followers have received the log. Throws the differences that remain after SETTLED_WITHIN_MS. */
  private async settle(): Promise<void> {
    for (const until = performance.now() + SETTLED_WITHIN_MS; ; ) {
      const log = await this.replicas.rows<Logged>(LOG, this.organizationId);
      const pending = await this.replicas.rows<{ id: string }>(PENDING, this.organizationId);
      const pendingIds = new Set(pending.map(({ id }) => id));
      const wrong = this.followers.flatMap((follower) => follower.judge(log, pendingIds) ?? []);
      if (wrong.length === 0) return;
      if (performance.now() > until) throw new Error([...wrong, ...this.replicas.died].join("\n"));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
