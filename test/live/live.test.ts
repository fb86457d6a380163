import { begun } from "../support/begun-streams";
import { invite, join, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket, type TestSubscription } from "../support/test-subscription";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

const INVITATIONS = `subscription($id: ID!, $after: String) {
  invitationChanged(organizationId: $id, after: $after) { cursor change invitation { id email status organization { name } workspaceGrants { workspaceName } } } }`;
const MEMBERSHIPS = `subscription($id: ID!, $after: String) {
  membershipChanged(organizationId: $id, after: $after) { cursor change memberId userId member { role user { name email } } } }`;
const RECEIVED = "subscription { receivedInvitationChanged { id status role organization { name } } }";

const changes = (subscription: TestSubscription) =>
  subscription.received.map(({ data }) => (data?.invitationChanged ?? data?.membershipChanged)?.change);
const lastCode = (subscription: TestSubscription) => subscription.received.at(-1)?.errors?.[0]?.extensions.code;

describe.each(["WebSocket", "event stream"])("over a %s", (transport) => {
  const open = (person: { token: string } | null, query: string, variables = {}) => {
    const { port, live } = service.app;
    const token = person?.token ?? null;
    return begun(live, () =>
      transport === "event stream"
        ? subscribeByEvents(port, token, query, variables)
        : subscribeBySocket(connect(port, token), query, variables),
    );
  };

  test("an Owner gets the creation, sending and acceptance of an invitation, and the invitee receives it", async () => {
    const owner = await service.person("Olga");
    const invitee = await service.person("Ivan");
    const id = await organization(owner);
    const before = await invite(owner, id, invitee.email);
    const phone = await open(invitee, RECEIVED);
    const [pending] = await phone.count(1);
    expect(pending?.data.receivedInvitationChanged).toMatchObject({ id: before, status: "PENDING" });
    const office = await open(owner, INVITATIONS, { id });
    await invitee.ask(`mutation { acceptInvitation(input: { invitationId: "${before}" }) { __typename } }`);
    const another = await service.person("Una");
    await invite(owner, id, another.email);
    await office.count(3);
    expect(
      changes(office)
        .filter((change) => change !== "SENT")
        .slice(0, 2),
    ).toEqual(["ACCEPTED", "CREATED"]);
    while (!changes(office).includes("SENT")) await office.count(office.received.length + 1);
    const accepted = office.received.find(({ data }) => data.invitationChanged.change === "ACCEPTED");
    expect(accepted?.data.invitationChanged.invitation).toMatchObject({ status: "ACCEPTED", email: invitee.email });
    while (phone.received.at(-1)?.data.receivedInvitationChanged.status !== "ACCEPTED")
      await phone.count(phone.received.length + 1);
    for (const each of [phone, office]) each.stop();
  });

  test("an event includes the workspaces of its invitation", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const asked = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id name } } } }`);
    const [workspace] = asked.data.organization.workspaces.nodes;
    const office = await open(owner, INVITATIONS, { id });
    await owner.ask(
      `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["with@example.com"], role: VIEWER,
        workspaces: [{ workspaceId: "${workspace.id}" }] }) { __typename } }`,
    );
    const [created] = await office.count(1);
    const { invitation } = created?.data.invitationChanged ?? {};
    expect(invitation.workspaceGrants).toEqual([{ workspaceName: workspace.name }]);
    office.stop();
  });

  test("members get each joining, change and leaving with a cursor; 'after' resumes without a gap", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const viewer = await join(service, owner, id, "VIEWER");
    const first = await open(viewer, MEMBERSHIPS, { id });
    const guest = await join(service, owner, id);
    await first.count(1);
    const { cursor } = first.received[0]?.data.membershipChanged ?? {};
    first.stop();
    await owner.ask(
      `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${guest.memberId}", role: ADMIN }) { __typename } }`,
    );
    await owner.ask(
      `mutation { removeMember(input: { organizationId: "${id}", memberId: "${guest.memberId}" }) { __typename } }`,
    );
    const second = await open(viewer, MEMBERSHIPS, { id, after: cursor });
    const told = await second.count(2);
    expect(changes(first)).toEqual(["JOINED"]);
    expect(first.received[0]?.data.membershipChanged).toMatchObject({
      userId: guest.id,
      member: { role: "DEVELOPER", user: { email: guest.email } },
    });
    expect(changes(second)).toEqual(["ROLE_CHANGED", "REMOVED"]);
    expect(told[1]?.data.membershipChanged).toMatchObject({ memberId: guest.memberId, userId: guest.id, member: null });
    second.stop();
  });

  test("a viewer who loses the right gets the error code and no later event", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const demoted = await join(service, owner, id, "ADMIN");
    const removed = await join(service, owner, id, "ADMIN");
    const streams = {
      demoted: await open(demoted, INVITATIONS, { id }),
      removed: await open(removed, INVITATIONS, { id }),
      removedMember: await open(removed, MEMBERSHIPS, { id }),
    };
    await owner.ask(
      `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${demoted.memberId}", role: VIEWER }) { __typename }
        removeMember(input: { organizationId: "${id}", memberId: "${removed.memberId}" }) { __typename } }`,
    );
    await invite(owner, id, "later@example.com");
    for (const stream of Object.values(streams)) await stream.over();
    expect(lastCode(streams.demoted)).toBe("FORBIDDEN");
    expect(lastCode(streams.removed)).toBe("FORBIDDEN");
    expect(lastCode(streams.removedMember)).toBe("NOT_FOUND");
    expect([...changes(streams.demoted), ...changes(streams.removed)].filter((change) => change === "CREATED")).toEqual(
      [],
    );
    expect(JSON.stringify(streams)).not.toContain("later@example.com");
  });

  test("a viewer without the right is refused and does not learn what exists", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const viewer = await join(service, owner, id, "VIEWER");
    const stranger = await service.person("Stranger");
    const unverified = await service.person("Unverified", false);
    const other = await organization(owner);
    const someone = await open(owner, MEMBERSHIPS, { id });
    await join(service, owner, id);
    await someone.count(1);
    const { cursor } = someone.received[0]?.data.membershipChanged ?? {};
    const refused = async (who: { token: string } | null, query: string, variables = {}) => {
      const subscription = await open(who, query, variables);
      await subscription.over();
      return lastCode(subscription);
    };
    expect(await refused(null, INVITATIONS, { id })).toBe("UNAUTHENTICATED");
    expect(await refused(viewer, INVITATIONS, { id })).toBe("FORBIDDEN");
    expect(await refused(stranger, INVITATIONS, { id })).toBe("NOT_FOUND");
    expect(await refused(stranger, MEMBERSHIPS, { id, after: cursor })).toBe("NOT_FOUND");
    expect(await refused(stranger, MEMBERSHIPS, { id: "019aaaaa-0000-7000-8000-000000000000" })).toBe("NOT_FOUND");
    expect(await refused(unverified, RECEIVED)).toBe("FORBIDDEN");
    expect(await refused(owner, MEMBERSHIPS, { id: other, after: cursor })).toBe("BAD_USER_INPUT");
    expect(await refused(owner, MEMBERSHIPS, { id, after: "nonsense" })).toBe("BAD_USER_INPUT");
    expect(await refused(owner, "subscription { nothing }")).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(await refused(owner, "subscription {")).toBe("GRAPHQL_PARSE_FAILED");
    const deep = `{ viewer { memberships { ${"organization { viewerMember { ".repeat(8)} id ${"} } ".repeat(8)} } } }`;
    expect(await refused(owner, deep)).toBe("GRAPHQL_VALIDATION_FAILED");
    someone.stop();
  });

  test("a viewer who regains the right can resume from a cursor before the loss", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const admin = await join(service, owner, id, "ADMIN");
    const change = (role: string) =>
      owner.ask(
        `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${admin.memberId}", role: ${role} }) { __typename } }`,
      );
    const first = await open(admin, INVITATIONS, { id });
    await invite(owner, id, "one@example.com");
    const [one] = await first.count(1);
    await change("VIEWER");
    await first.over();
    await invite(owner, id, "two@example.com");
    await change("ADMIN");
    const second = await open(admin, INVITATIONS, { id, after: one?.data.invitationChanged.cursor });
    const created = () =>
      second.received.filter(({ data }) => data?.invitationChanged.invitation.email === "two@example.com");
    while (created().length === 0) await second.count(second.received.length + 1);
    await change("VIEWER");
    await second.over();
    expect(lastCode(second)).toBe("FORBIDDEN");
  });

  test("a deleted organization ends its streams", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const streams = [await open(owner, MEMBERSHIPS, { id }), await open(owner, INVITATIONS, { id })];
    await owner.ask(
      `mutation { deleteOrganization(input: { organizationId: "${id}", confirmName: "Acme" }) { __typename } }`,
    );
    for (const stream of streams) await stream.over();
    expect(streams.map(lastCode)).toEqual(["NOT_FOUND", "NOT_FOUND"]);
  });

  test("an expired token ends the stream", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const token = await service.issuer.issue(
      { id: owner.id, name: "Olga", email: owner.email, emailVerified: true },
      "1s",
    );
    const subscription = await open({ token }, MEMBERSHIPS, { id });
    await subscription.over();
    expect(lastCode(subscription)).toBe("UNAUTHENTICATED");
  });
});
