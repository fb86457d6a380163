import { randomUUID } from "node:crypto";
import { commands } from "../../../src/commands";
import type { Viewer } from "../../../src/domain/viewer";
import { addKeyRow } from "../../support/byok-row";
import type { Random } from "../../support/random";
import type { Actor, TestOrganization, World } from "../../support/world";
import type { Trial } from "./trial";

const ROLES = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const;
const PLANS = ["STARTER", "STANDARD", "ADVANCED", "ENTERPRISE"];
const OVERRIDES = ["ADMIN", "DEVELOPER", "VIEWER", null];

const REVIEW_MS = 30 * 24 * 3_600_000;

interface Ids {
  members: string[];
  workspaces: string[];
  invitations: string[];
  reviews: string[];
}

/** Organizations with members, workspaces and invitations, and valid and invalid mutations of them. */
export class RandomTrials {
  private readonly organizations: TestOrganization[] = [];
  private readonly people: Actor[] = [];

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  /** A mutation, mostly by a member on existing objects, sometimes by another person or on other ids. */
  async next(): Promise<Trial & { organizationId: string }> {
    const organization = await this.organization();
    const ids = await this.idsOf(organization.id);
    const { random } = this;
    const organizationId = random.chance(0.03) ? randomUUID() : random.chance(0.05) ? this.any() : organization.id;
    const viewer = await this.viewerOf(organization);
    const inputs = await this.inputs(organizationId, ids);
    const name = random.pick(Object.keys(inputs));
    return { viewer, name, input: { organizationId, ...inputs[name]?.() }, organizationId };
  }

  private any(): string {
    return this.random.pick(["", "nonsense", randomUUID().toUpperCase(), this.random.pick(this.organizations).id]);
  }

  private async organization(): Promise<TestOrganization> {
    if (this.organizations.length < 2 || this.random.chance(0.02)) this.organizations.push(await this.create());
    return this.random.chance(0.7)
      ? (this.organizations.at(-1) as TestOrganization)
      : this.random.pick(this.organizations);
  }

  private async create(): Promise<TestOrganization> {
    const { world, random } = this;
    const organization = await world.organization(random.pick(["ADVANCED", "ENTERPRISE"]));
    const workspaces = [await organization.workspace("Alpha"), await organization.workspace("Beta")];
    for (const role of ROLES) {
      const assigned = workspaces.filter(() => random.chance(0.7));
      this.people.push(await organization.member(role, role === "OWNER" || role === "ADMIN" ? [] : assigned));
    }
    this.people.push(organization.owner, await organization.member("DEVELOPER", workspaces));
    await organization.invite(`${randomUUID()}@example.com`, "VIEWER", workspaces);
    const admin = await organization.member("ADMIN");
    this.people.push(admin);
    const input = { organizationId: organization.id, emails: [`${randomUUID()}@example.com`], role: "ADMIN" as const };
    await admin.run(commands.inviteMembers, input);
    await addKeyRow(world, organization.id);
    const dueAt = new Date(world.clock.now().getTime() + REVIEW_MS);
    await organization.owner.run(commands.startAccessReview, {
      organizationId: organization.id,
      name: "Yearly",
      dueAt,
    });
    return organization;
  }

  private async idsOf(organizationId: string): Promise<Ids> {
    const idsIn = async (table: string) => {
      const text = `SELECT id FROM ${table} WHERE organization_id = $1 ORDER BY id`;
      return (await this.world.query<{ id: string }>(text, organizationId)).map(({ id }) => id);
    };
    return {
      members: await idsIn("member"),
      workspaces: await idsIn("workspace"),
      invitations: await idsIn("invitation"),
      reviews: await idsIn("access_review"),
    };
  }

  private async viewerOf({ id }: TestOrganization): Promise<Viewer> {
    const { random, world, people } = this;
    if (random.chance(0.03)) return { kind: "anonymous" };
    if (random.chance(0.03)) return { kind: "service", name: "t", scopes: new Set(["entities:read"]) };
    const members = await world.query<{ user: string; role: string }>(
      `SELECT user_id AS user, role FROM member WHERE organization_id = $1 ORDER BY id`,
      id,
    );
    const managers = members.filter(({ role }) => role === "OWNER" || role === "ADMIN");
    const likely = random.chance(0.6) && managers.length > 0 ? managers : members;
    const user = likely.length > 0 ? random.pick(likely).user : "";
    const person = people.find((each) => each.id === user && !random.chance(0.1)) ?? random.pick(people);
    const { name, email, emailVerified } = person;
    return { kind: "person", id: person.id, name, email, emailVerified };
  }

  /** The inputs of all mutations that have a dry run. */
  private async inputs(organizationId: string, ids: Ids): Promise<Record<string, () => object>> {
    const { random } = this;
    const some = (known: string[]) => (known.length === 0 || random.chance(0.05) ? randomUUID() : random.pick(known));
    const role = () => random.pick(ROLES);
    const member = () => some(ids.members);
    const workspace = () => some(ids.workspaces);
    const grant = () => ({ workspaceId: workspace(), roleOverride: random.pick(OVERRIDES) });
    const grants = () => Array.from({ length: random.below(4) }, grant);
    const names = await this.world.query<{ name: string }>(
      "SELECT name FROM organization WHERE id::text = $1",
      organizationId,
    );
    const word = () => random.pick(["Acme", "Alpha", "Ålpha", "", "x".repeat(300), `Name ${random.below(50)}`]);
    const emails = () =>
      Array.from({ length: 1 + random.below(3) }, () =>
        random.pick([`a${random.below(20)}@example.com`, "no address"]),
      );
    return {
      updateOrganization: () => ({ name: word(), ...(random.chance(0.5) && { description: word() }) }),
      transferOwnership: () => ({ memberId: member() }),
      leaveOrganization: () => ({}),
      deleteOrganization: () => ({ confirmName: random.chance(0.3) ? (names[0]?.name ?? "") : "wrong" }),
      inviteMembers: () => ({ emails: emails(), role: role(), workspaces: grants() }),
      updateInvitation: () => ({
        ...{ invitationId: some(ids.invitations), role: random.pick([...ROLES, null]) },
        ...(random.chance(0.5) && { workspaces: grants() }),
      }),
      cancelInvitation: () => ({ invitationId: some(ids.invitations) }),
      changeMemberRole: () => ({ memberId: member(), role: role() }),
      removeMember: () => ({ memberId: member() }),
      setWorkspaceAccess: () => ({ memberId: member(), grants: grants() }),
      grantWorkspaceAccess: () => ({ memberId: member(), ...grant() }),
      revokeWorkspaceAccess: () => ({ memberId: member(), workspaceId: workspace() }),
      createWorkspace: () => ({ name: word(), cloudProvider: random.pick(["AWS", "GCP", "AZURE"]) }),
      deleteWorkspace: () => ({ workspaceId: workspace() }),
      changePlan: () => ({ planCode: random.pick(PLANS), billingInterval: random.pick(["MONTHLY", "ANNUAL", null]) }),
      setByokEnabled: () => ({ enabled: random.chance(0.5) }),
      removeByokConfig: () => ({}),
      completeAccessReview: () => ({ reviewId: some(ids.reviews), undecided: random.pick(["KEEP", "REMOVE", null]) }),
    };
  }
}
