import { commands } from "../../src/commands";
import { OpenReview } from "../support/access-review";
import { type Actor, type TestOrganization, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

interface LoggedRow {
  type: string;
  subject: string;
  summary: string;
  data: Record<string, unknown>;
}
/** The events of an organization without its first `count` ones. */
async function eventsAfter({ id }: TestOrganization, count: number): Promise<LoggedRow[]> {
  const text = `SELECT type, subject_id AS subject, summary, data FROM organization_event WHERE organization_id = $1`;
  return (await world.query<LoggedRow>(`${text} ORDER BY sequence`, id)).slice(count);
}
const countOf = async ({ id }: TestOrganization) =>
  (await world.query("SELECT FROM organization_event WHERE organization_id = $1", id)).length;
/** Two equal organizations: single mutations change one, and a review the other. */
test("a review writes the same events and has the same effects as single mutations", async () => {
  const eventsOf = async (apply: (organization: TestOrganization, people: Actor[]) => Promise<number>) => {
    const organization = await world.organization();
    const [one, two] = [await organization.workspace("One"), await organization.workspace("Two")];
    const people = [
      ...[
        await organization.member("ADMIN"),
        await organization.member("OWNER"),
        await organization.member("VIEWER", [one]),
      ],
      await organization.member("DEVELOPER", [two]),
    ];
    const [inviter, second, shared] = people as [Actor, Actor, Actor];
    const input = { organizationId: organization.id, role: "VIEWER" as const };
    await inviter.run(commands.inviteMembers, { ...input, emails: ["void@example.com"] });
    await second.run(commands.inviteMembers, { ...input, emails: ["backed@example.com"] });
    const end = new Date(world.clock.now().getTime() + 1);
    await organization.owner.run(commands.grantWorkspaceAccess, {
      ...{ organizationId: organization.id, workspaceId: two, memberId: shared.memberId },
      expiresAt: end,
    });
    await world.query("UPDATE organization SET personal_for_id = NULL WHERE personal_for_id = $1", second.id);
    await world.query("UPDATE organization SET personal_for_id = $2 WHERE id = $1", organization.id, second.id);
    const names = new Map([[one, "one"], [two, "two"], ...people.map(({ id }, index) => [id, `p${index}`] as const)]);
    for (const [index, { memberId, name }] of people.entries()) names.set(memberId, `m${index}`).set(name, `n${index}`);
    names.set(end.toISOString(), "end");
    const before = await apply(organization, people);
    const events = (await eventsAfter(organization, before)).filter(({ type }) => !type.startsWith("access_review."));
    let text = JSON.stringify(events.map((event) => (event.type.startsWith("m") ? event : { ...event, subject: "" })));
    for (const [id, name] of names) text = text.replaceAll(id, name);
    return { events: (JSON.parse(text) as LoggedRow[]).map((event) => JSON.stringify(event)).sort(), organization };
  };
  const single = await eventsOf(async ({ id: organizationId, owner, ...organization }, people) => {
    const [inviter, second, shared, developer] = people as [Actor, Actor, Actor, Actor];
    world.clock.pass(1);
    const before = await countOf({ id: organizationId, owner, ...organization } as TestOrganization);
    await owner.run(commands.changeMemberRole, { organizationId, memberId: inviter.memberId, role: "DEVELOPER" });
    await owner.run(commands.changeMemberRole, { organizationId, memberId: second.memberId, role: "ADMIN" });
    await owner.run(commands.setWorkspaceAccess, { organizationId, memberId: shared.memberId, grants: [] });
    await owner.run(commands.removeMember, { organizationId, memberId: developer.memberId });
    return before;
  });
  const reviewed = await eventsOf(async (organization, people) => {
    const [inviter, second, shared, developer] = people as [Actor, Actor, Actor, Actor];
    const review = await OpenReview.start(organization);
    const { owner } = organization;
    await review.decide(owner, inviter, { decision: "CHANGE", newRole: "DEVELOPER" });
    await review.decide(owner, second, { decision: "CHANGE", newRole: "ADMIN" });
    await review.decide(owner, shared, { decision: "CHANGE", newGrants: [] });
    await review.decide(owner, developer, { decision: "REMOVE" });
    world.clock.pass(1);
    const before = await countOf(organization);
    await review.complete(owner);
    return before;
  });
  expect(reviewed.events).toEqual(single.events);
  expect(single.events.map((event) => JSON.parse(event).type).sort()).toEqual([
    ...["invitation.canceled", "member.removed", "member.role_changed", "member.role_changed", "organization.updated"],
    ...["workspace_access.changed", "workspace_access.changed", "workspace_access.expired"],
  ]);
  for (const { organization } of [single, reviewed]) {
    const pending = "SELECT email FROM invitation WHERE organization_id = $1 AND status = 'PENDING'";
    expect(await world.query(pending, organization.id)).toEqual([{ email: "backed@example.com" }]);
    const [row] = await world.query("SELECT personal_for_id AS p FROM organization WHERE id = $1", organization.id);
    expect(row).toEqual({ p: null });
  }
});
