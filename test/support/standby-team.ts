import { randomUUID } from "node:crypto";
import type { Random } from "./random";
import { post } from "./replies";
import { differences, invite, newPerson, type Replicas, type TestPerson } from "./standby-people";

/** An organization with an Owner, an Admin and a Viewer, and the state that they must see. */
export class Team {
  private readonly invited = new Map<string, string>();
  private isIn = true;
  private role = "VIEWER";
  private hasAccess = false;
  private newestSequence = 0;

  private constructor(
    private readonly service: Replicas,
    private readonly random: Random,
    readonly id: string,
    private readonly owner: TestPerson,
    private readonly admin: TestPerson,
    private readonly viewer: TestPerson,
    private readonly workspaceId: string,
    private memberId: string,
  ) {}

  static async found(service: Replicas, random: Random): Promise<Team> {
    const [app] = service.apps;
    if (!app) throw new Error("There is no replica.");
    const ask = async (person: TestPerson, query: string) => (await post(app.port, person.token, query)).data;
    const [owner, admin, viewer] = [await newPerson(service), await newPerson(service), await newPerson(service)];
    const { viewer: self } = await ask(owner, "{ viewer { memberships { organization { id } } } }");
    const { id } = self.memberships[0].organization;
    await ask(
      owner,
      `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`,
    );
    const made = await ask(
      owner,
      `mutation { createWorkspace(input: { organizationId: "${id}", name: "Lab", cloudProvider: GCP })
        { ... on CreateWorkspaceSuccess { workspace { id } } } }`,
    );
    const join = async (joining: TestPerson, role: string) => {
      await ask(owner, invite(id, joining.email, role));
      const received = await ask(joining, "{ viewer { receivedInvitations { id } } }");
      const accepted = await ask(
        joining,
        `mutation { acceptInvitation(input: { invitationId: "${received.viewer.receivedInvitations[0].id}" })
          { ... on AcceptInvitationSuccess { member { id } } } }`,
      );
      return accepted.acceptInvitation.member.id as string;
    };
    await join(admin, "ADMIN");
    const memberId = await join(viewer, "VIEWER");
    return new Team(service, random, id, owner, admin, viewer, made.createWorkspace.workspace.id, memberId);
  }

  /**
   * Makes a random change on one replica, then reads on any replica as a person who knows of it. Returns the
   * differences.
   */
  async sequence(): Promise<string[]> {
    const change = this.random.pick(this.possible);
    await change.call(this);
    return [...(await this.readAsStaff()), ...(await this.readAsViewer())];
  }

  /** Compares the reads of the Owner or the Admin with the changes. */
  async readAsStaff(): Promise<string[]> {
    const data = await this.ask(
      this.random.pick([this.owner, this.admin]),
      `{ organization(id: "${this.id}") {
        members { nodes { id role user { name } } totalCount }
        invitations(statuses: [PENDING]) { nodes { email } }
        auditLog(first: 1) { nodes { sequence } }
        workspaces(search: "Lab") { nodes { access { nodes { member { id } } } } }
      } }`,
    );
    const { members, invitations, auditLog, workspaces } = data.organization;
    const found = members.nodes.find(({ id }: { id: string }) => id === this.memberId);
    const granted = workspaces.nodes[0].access.nodes.some((access: { member: { id: string } }) => {
      return access.member.id === this.memberId;
    });
    const emails = invitations.nodes.map(({ email }: { email: string }) => email);
    const { sequence } = auditLog.nodes[0];
    const wrong = differences({
      member: [found && `${found.role} ${found.user.name}`, this.isIn ? `${this.role} ${this.viewer.name}` : undefined],
      total: [members.totalCount, this.isIn ? 3 : 2],
      access: [granted, this.isIn && this.hasAccess],
      invited: [emails.sort().join(), [...this.invited.keys()].sort().join()],
      sequence: [sequence >= this.newestSequence, true],
    });
    this.newestSequence = Math.max(sequence, this.newestSequence);
    return wrong;
  }

  /** Reads as the Viewer, who knows of every change. Returns the differences. */
  async readAsViewer(): Promise<string[]> {
    const data = await this.ask(
      this.viewer,
      `{ organization(id: "${this.id}") { viewerMember { role }
          members(search: "${this.viewer.email}") { nodes { role workspaceAccess { workspace { id } } } } }
        viewer { memberships { organization { id } } } }`,
    );
    const [shown] = data.organization?.members.nodes ?? [];
    const ids = data.viewer.memberships.map((each: { organization: { id: string } }) => each.organization.id);
    return differences({
      role: [data.organization?.viewerMember.role, this.isIn ? this.role : undefined],
      listed: [shown?.role, this.isIn ? this.role : undefined],
      workspaces: [shown?.workspaceAccess.length ?? 0, this.isIn && this.hasAccess ? 1 : 0],
      membership: [ids.includes(this.id), this.isIn],
    });
  }

  /** The Viewer's permissions by every query for them, and in the result of a mutation. */
  async rights(): Promise<string[]> {
    const data = await this.ask(
      this.viewer,
      `{ organization(id: "${this.id}") { viewerPermissions workspaces { nodes { viewerPermissions } } }
        organizationPermissions(checks: [{ organizationId: "${this.id}", permission: MANAGE_BILLING }]) { allowed } }`,
    );
    const renamed = await this.ask(
      this.owner,
      `mutation { updateOrganization(input: { organizationId: "${this.id}", name: "Other" })
        { ... on UpdateOrganizationSuccess { organization { members { totalCount nodes { id } } } } } }`,
    );
    return differences({
      permissions: [data.organization.viewerPermissions.length, 0],
      workspaces: [data.organization.workspaces.nodes.length, 0],
      decision: [data.organizationPermissions[0].allowed, false],
      members: [renamed.updateOrganization.organization.members.totalCount, 3],
    });
  }

  private get possible(): Array<() => Promise<unknown>> {
    const always = [this.invite, this.rename];
    const cancelling = this.invited.size > 0 ? [this.cancel, this.cancel] : [];
    if (!this.isIn) return [...always, ...cancelling, this.reinstate, this.reinstate];
    return [...always, ...cancelling, this.remove, this.changeRole, this.hasAccess ? this.revoke : this.grant];
  }

  private async invite(): Promise<void> {
    const email = `${randomUUID()}@example.com`;
    const { inviteMembers } = await this.ask(this.owner, invite(this.id, email, "VIEWER"));
    this.invited.set(email, inviteMembers.invitations[0].id);
  }

  private async cancel(): Promise<void> {
    const [email, id] = this.random.pick([...this.invited]);
    await this.change(`cancelInvitation(input: { organizationId: "${this.id}", invitationId: "${id}" })`);
    this.invited.delete(email);
  }

  private async remove(): Promise<void> {
    await this.change(`removeMember(input: { organizationId: "${this.id}", memberId: "${this.memberId}" })`);
    this.isIn = false;
  }

  private async reinstate(): Promise<void> {
    const { reinstateMember } = await this.ask(
      this.owner,
      `mutation { reinstateMember(input: { organizationId: "${this.id}", memberId: "${this.memberId}" })
        { ... on ReinstateMemberSuccess { member { id } } } }`,
    );
    this.memberId = reinstateMember.member.id;
    this.isIn = true;
  }

  private async changeRole(): Promise<void> {
    this.role = this.role === "VIEWER" ? "DEVELOPER" : "VIEWER";
    await this.change(
      `changeMemberRole(input: { organizationId: "${this.id}", memberId: "${this.memberId}", role: ${this.role} })`,
    );
  }

  private async grant(): Promise<void> {
    await this.change(`grantWorkspaceAccess(input: { ${this.place} })`);
    this.hasAccess = true;
  }

  private async revoke(): Promise<void> {
    await this.change(`revokeWorkspaceAccess(input: { ${this.place} })`);
    this.hasAccess = false;
  }

  /** A change without an event: the identity provider has a new name, and the next sign-in brings it. */
  private async rename(): Promise<void> {
    this.viewer.name = `Viewer ${randomUUID()}`;
    this.viewer.token = await this.service.issuer.issue({ ...this.viewer, emailVerified: true });
    await this.ask(this.viewer, "{ viewer { id } }");
  }

  private get place(): string {
    return `organizationId: "${this.id}", workspaceId: "${this.workspaceId}", memberId: "${this.memberId}"`;
  }

  private async change(field: string): Promise<void> {
    const data = await this.ask(this.owner, `mutation { ${field} { __typename ... on Refusal { code message } } }`);
    const [result] = Object.values(data) as Array<{ __typename: string }>;
    if (result?.__typename === "Refusal") throw new Error(JSON.stringify(result));
  }

  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  private async ask({ token }: TestPerson, query: string): Promise<any> {
    const { data, error } = await post(this.random.pick(this.service.apps).port, token, query);
    if (error) throw new Error(`${query}: ${error.message}`);
    return data;
  }
}
