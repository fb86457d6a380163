import { commands } from "../../src/commands";
import { sweepInvitations, sweepLeftovers } from "../../src/jobs/sweep";
import { sweepWorkspaceAccess } from "../../src/jobs/workspace-access";
import type { Random } from "./random";
import { type Actor, outcomeOf, type TestOrganization, type World } from "./world";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ROLES = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const;
const INVITED_ROLES = ["ADMIN", "DEVELOPER", "VIEWER"] as const;
const OVERRIDES = ["ADMIN", "DEVELOPER", "VIEWER", null] as const;

interface Rows {
  member: string[];
  managers: string[];
  invited: string[];
  former: string[];
  workspace: string[];
  pending: string[];
  review: string[];
}

/** People who change organizations at random, sometimes concurrently, each on a separate replica. */
export class RandomHistory {
  private readonly organizations: TestOrganization[] = [];
  private readonly people: Actor[] = [];
  /** The number of successes of each change. */
  readonly done: Record<string, number> = {};

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  async start(people: number): Promise<void> {
    while (this.people.length < people) this.people.push(await this.world.person());
    for (const plan of ["ADVANCED", "ENTERPRISE"]) {
      const organization = await this.world.organization(plan);
      this.organizations.push(organization);
      this.people.push(organization.owner);
      for (const role of ROLES) this.people.push(await organization.member(role));
      await organization.workspace("Alpha");
    }
  }

  /** Makes one to four concurrent changes, mostly of one organization. Sometimes lets time pass and runs jobs. */
  async step(): Promise<void> {
    const { random, world } = this;
    const organization = random.pick(this.organizations);
    const rows = await this.rowsOf(organization.id);
    const changes = Array.from({ length: 1 + random.below(4) }, () => this.change(organization.id, rows));
    if (random.chance(0.1)) changes.push(this.note("sweep", sweepInvitations(world.replica())));
    if (random.chance(0.1)) changes.push(this.note("end", sweepWorkspaceAccess(world.replica())));
    if (random.chance(0.05)) changes.push(this.note("leftovers", sweepLeftovers(world.replica())));
    await Promise.all(changes);
    if (random.chance(0.3)) world.clock.pass(random.below(2 * DAY_MS));
    if (random.chance(0.02)) world.clock.pass(31 * DAY_MS);
  }

  private async rowsOf(organizationId: string): Promise<Rows> {
    const ids = async (table: string, where = "true", id = "id") => {
      const text = `SELECT ${id} AS id FROM ${table} WHERE organization_id = $1 AND ${where} ORDER BY 1`;
      return (await this.world.query<{ id: string }>(text, organizationId)).map((row) => row.id);
    };
    return {
      member: await ids("member"),
      managers: await ids("member", "role IN ('OWNER', 'ADMIN')", "user_id"),
      invited: await ids("invitation", "status = 'PENDING'", "email"),
      former: await ids("former_member"),
      workspace: await ids("workspace", "deleted_at IS NULL"),
      pending: await ids("invitation", "status = 'PENDING'"),
      review: await ids("access_review", "status = 'OPEN'"),
    };
  }

  private async note(name: string, running: Promise<unknown>): Promise<void> {
    if ((await outcomeOf(running)) === "ok") this.done[name] = (this.done[name] ?? 0) + 1;
  }

  private async change(organizationId: string, rows: Rows): Promise<void> {
    const { random, people } = this;
    const managers = people.filter(({ id }) => rows.managers.includes(id));
    const by = managers.length > 0 && random.chance(0.8) ? random.pick(managers) : random.pick(people);
    const changes = {
      ...this.changesOfInvitations(by, organizationId, rows),
      ...this.changesOfMembers(by, organizationId, rows),
      ...this.changesOfWorkspaces(by, organizationId, rows),
      ...this.changesOfOrganizations(by, organizationId, rows),
    };
    const name = random.pick(Object.keys(changes));
    await this.note(name, changes[name]?.() ?? Promise.resolve());
  }

  private some(ids: readonly string[]): string {
    return ids.length === 0 ? crypto.randomUUID() : this.random.pick(ids);
  }

  private changesOfInvitations(by: Actor, organizationId: string, rows: Rows): Changes {
    const { random, people } = this;
    const key = () => ({ organizationId, invitationId: this.some(rows.pending) });
    const grants = () => rows.workspace.filter(() => random.chance(0.3)).map((workspaceId) => ({ workspaceId }));
    const invite = () => {
      const emails = [random.pick(people).email, random.pick(people).email, `${random.below(50)}@example.com`];
      const input = { organizationId, emails, role: random.pick(INVITED_ROLES), workspaces: grants() };
      return by.run(commands.inviteMembers, input);
    };
    // An invited person answers, if there is one.
    const invitees = people.filter(({ email }) => rows.invited.includes(email));
    const invitee = random.pick(invitees.length > 0 ? invitees : people);
    const received = async () => {
      const text =
        "SELECT id FROM invitation WHERE organization_id = $1 AND email = $2 ORDER BY status = 'PENDING' DESC";
      const [row] = await this.world.query<{ id: string }>(text, organizationId, invitee.email);
      return { invitationId: row?.id ?? crypto.randomUUID() };
    };
    const accept = async () => await invitee.run(commands.acceptInvitation, await received());
    return {
      ...{ invite, inviteMore: invite, accept, acceptMore: accept },
      decline: async () => await invitee.run(commands.declineInvitation, await received()),
      cancel: () => by.run(commands.cancelInvitation, key()),
      resend: () => by.run(commands.resendInvitation, key()),
    };
  }

  private changesOfMembers(by: Actor, organizationId: string, rows: Rows): Changes {
    const { random } = this;
    const key = () => ({ organizationId, memberId: this.some(rows.member) });
    return {
      role: () => by.run(commands.changeMemberRole, { ...key(), role: random.pick(ROLES) }),
      remove: () => by.run(commands.removeMember, key()),
      leave: () => by.run(commands.leaveOrganization, { organizationId }),
      reinstate: () => by.run(commands.reinstateMember, { organizationId, memberId: this.some(rows.former) }),
      transfer: () => by.run(commands.transferOwnership, key()),
      review: async () => {
        const dueAt = new Date(this.world.clock.now().getTime() + 30 * DAY_MS);
        const started =
          rows.review[0] ?? (await by.run(commands.startAccessReview, { organizationId, name: "Q", dueAt })).reviewId;
        const input = { organizationId, reviewId: started, undecided: random.pick(["REMOVE", "KEEP"] as const) };
        return await by.run(commands.completeAccessReview, input);
      },
    };
  }

  private changesOfWorkspaces(by: Actor, organizationId: string, rows: Rows): Changes {
    const { random } = this;
    const expiresAt = () =>
      random.chance(0.5) ? new Date(this.world.clock.now().getTime() + 1 + random.below(3 * DAY_MS)) : null;
    const grant = (workspaceId: string) => ({
      ...{ workspaceId, expiresAt: expiresAt() },
      roleOverride: random.pick(OVERRIDES),
    });
    const key = () => ({ organizationId, memberId: this.some(rows.member) });
    const give = () => by.run(commands.grantWorkspaceAccess, { ...key(), ...grant(this.some(rows.workspace)) });
    return {
      give,
      giveMore: give,
      take: () => by.run(commands.revokeWorkspaceAccess, { ...key(), workspaceId: this.some(rows.workspace) }),
      replace: () =>
        by.run(commands.setWorkspaceAccess, {
          ...key(),
          grants: rows.workspace.filter(() => random.chance(0.5)).map(grant),
        }),
      create: () =>
        by.run(commands.createWorkspace, { organizationId, name: `W${random.below(20)}`, cloudProvider: "AWS" }),
      drop: () => by.run(commands.deleteWorkspace, { organizationId, workspaceId: this.some(rows.workspace) }),
    };
  }

  private changesOfOrganizations(by: Actor, organizationId: string, _rows: Rows): Changes {
    const restore = () => by.run(commands.restoreOrganization, { organizationId });
    return {
      delete: () =>
        this.random.chance(0.2)
          ? by.run(commands.deleteOrganization, { organizationId, confirmName: "Acme" })
          : restore(),
      restore,
    };
  }
}

type Changes = Record<string, () => Promise<unknown>>;
