import { EndPersonalOrganizations1764760000000 } from "../../migrations/1764760000000-end-personal-organizations";
import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import type { Service } from "../../src/domain/viewer";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { OpenReview } from "../support/access-review";
import { type Actor, outcomeOf, TestOrganization, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

/** A personal organization on a plan with seats, with its founder and one more member. */
async function personal(role: "ADMIN" | "OWNER" = "ADMIN") {
  const founder = await world.person("Fay");
  const text = "SELECT id, name FROM organization WHERE personal_for_id = $1";
  const [row] = await world.query<{ id: string; name: string }>(text, founder.id);
  const { id = "", name = "" } = row ?? {};
  await founder.run(commands.changePlan, { organizationId: id, planCode: "ADVANCED" });
  const organization = new TestOrganization(world, id, founder);
  const other = await organization.member(role);
  return { founder, founderId: await organization.memberIdOf(founder), other, organization, id, name };
}

const isPersonal = async (viewer: Actor, id: string) => {
  const organization = await world.context(viewer).loaders.organization.load(id);
  return organization?.personalForId !== null;
};
const remove = (by: Actor, { id, name }: { id: string; name: string }) =>
  outcomeOf(by.run(commands.deleteOrganization, { organizationId: id, confirmName: name }));
const ended = async (id: string) =>
  await world.query<{ type: string; data: object }>(
    `SELECT type, data FROM organization_event WHERE organization_id = $1 AND type = 'organization.updated'`,
    id,
  );
const EVENT = {
  type: "organization.updated",
  data: { before: { isPersonal: true }, after: { isPersonal: false } },
};

type Made = Awaited<ReturnType<typeof personal>>;
const WAYS: Array<[string, "ADMIN" | "OWNER", (made: Made) => Promise<unknown>]> = [
  [
    "transferred",
    "ADMIN",
    ({ founder, other, id }) =>
      founder.run(commands.transferOwnership, { organizationId: id, memberId: other.memberId }),
  ],
  [
    "left by its founder to another Owner",
    "OWNER",
    ({ founder, id }) => founder.run(commands.leaveOrganization, { organizationId: id }),
  ],
  [
    "taken over by another Owner, who removes the founder",
    "OWNER",
    ({ other, founderId, id }) => other.run(commands.removeMember, { organizationId: id, memberId: founderId }),
  ],
  [
    "taken over by another Owner, who changes the founder's role",
    "OWNER",
    ({ other, founderId, id }) =>
      other.run(commands.changeMemberRole, { organizationId: id, memberId: founderId, role: "VIEWER" }),
  ],
  [
    "given up by its founder for another role",
    "OWNER",
    ({ founder, founderId, id }) =>
      founder.run(commands.changeMemberRole, { organizationId: id, memberId: founderId, role: "ADMIN" }),
  ],
  ...(["REMOVE", "CHANGE"] as const).map((decision): (typeof WAYS)[number] => [
    `taken over by another Owner in an access review with the decision ${decision}`,
    "OWNER",
    async ({ other, founderId, organization }) => {
      const review = await OpenReview.start(organization, other);
      const newRole = decision === "CHANGE" ? ("VIEWER" as const) : null;
      await review.decide(other, { memberId: founderId }, { decision, newRole });
      await review.complete(other, "KEEP");
    },
  ]),
];

test.each(WAYS)("a personal organization that is %s is no longer personal: its Owner can delete it", async (...way) => {
  const [, role, transfer] = way;
  const made = await personal(role);
  const { other, id } = made;
  expect(await isPersonal(other, id)).toBe(true);
  if (role === "OWNER") expect(await remove(other, made)).toBe("INVALID_INPUT");
  await transfer(made);
  expect(await isPersonal(other, id)).toBe(false);
  expect(await ended(id)).toEqual([EVENT]);
  expect(await remove(other, made)).toBe("ok");
  expect(await outcomeOf(other.run(commands.restoreOrganization, { organizationId: id }))).toBe("ok");
  expect(await verifyAuditLog(world.database, id)).toMatchObject({ ok: true });
});

test("an organization stays personal while its founder is an Owner, whatever other Owners do", async () => {
  const { founder, other, organization, id, name } = await personal("OWNER");
  const third = await organization.member("ADMIN");
  await other.run(commands.transferOwnership, { organizationId: id, memberId: third.memberId });
  await other.run(commands.leaveOrganization, { organizationId: id });
  await founder.run(commands.changeMemberRole, { organizationId: id, memberId: third.memberId, role: "VIEWER" });
  await founder.run(commands.removeMember, { organizationId: id, memberId: third.memberId });
  expect(await isPersonal(founder, id)).toBe(true);
  expect(await ended(id)).toEqual([]);
  expect(await remove(founder, { id, name })).toBe("INVALID_INPUT");
});

test("an organization does not become personal again when its founder becomes Owner again; the new Owner can leave", async () => {
  const { founder, founderId, other, id, name } = await personal();
  await founder.run(commands.transferOwnership, { organizationId: id, memberId: other.memberId });
  expect(await outcomeOf(other.run(commands.leaveOrganization, { organizationId: id }))).toBe("LAST_OWNER");
  await other.run(commands.transferOwnership, { organizationId: id, memberId: founderId });
  expect(await outcomeOf(other.run(commands.leaveOrganization, { organizationId: id }))).toBe("ok");
  expect(await isPersonal(founder, id)).toBe(false);
  expect(await ended(id)).toEqual([EVENT]);
  expect(await remove(founder, { id, name })).toBe("ok");
});

describe("the identity service gets", () => {
  const service: Service = { kind: "service", name: "identity", scopes: new Set(["users:provision"]) };
  const provision = async ({ id, email, name }: Actor) => {
    const input = { userId: id, email, emailVerified: true, name };
    return await runCommand(world.replica(), service, commands.provisionUser, input);
  };

  test("another organization of a person who transferred the personal one", async () => {
    const { founder, other, id } = await personal();
    expect((await provision(founder)).organization.id).toBe(id);
    await founder.run(commands.transferOwnership, { organizationId: id, memberId: other.memberId });
    const before = await world.count("organization");
    // The founder is still a member there.
    expect(await provision(founder)).toMatchObject({ created: false, organization: { id, viewerMember: null } });
    const { organizationId } = await founder.run(commands.createOrganization, { name: "Next" });
    await founder.run(commands.leaveOrganization, { organizationId: id });
    expect(await provision(founder)).toMatchObject({ created: false, organization: { id: organizationId } });
    expect(await world.count("organization")).toBe(before + 1);
  });

  test("one new personal organization for a person who has none", async () => {
    const { founder, other, id } = await personal();
    await founder.run(commands.transferOwnership, { organizationId: id, memberId: other.memberId });
    await founder.run(commands.leaveOrganization, { organizationId: id });
    const all = await Promise.all(Array.from({ length: 8 }, () => provision(founder)));
    expect(new Set(all.map(({ organization }) => organization.id)).size).toBe(1);
    const made = all[0]?.organization.id ?? "";
    expect(made).not.toBe(id);
    expect(await isPersonal(founder, made)).toBe(true);
    expect(await verifyAuditLog(world.database, made)).toMatchObject({ ok: true, events: 3 });
  });
});

test("the migration repairs organizations that were transferred earlier, and does not change others", async () => {
  const [transferred, personalOne] = [await personal(), await personal()];
  const { founder, other, id } = transferred;
  await founder.run(commands.transferOwnership, { organizationId: id, memberId: other.memberId });
  await world.query("UPDATE organization SET personal_for_id = $2 WHERE id = $1", id, founder.id);
  expect(await isPersonal(other, id)).toBe(true);
  const runner = world.database.dataSource.createQueryRunner();
  await new EndPersonalOrganizations1764760000000().up(runner).finally(() => runner.release());
  expect(await isPersonal(other, id)).toBe(false);
  expect(await isPersonal(personalOne.founder, personalOne.id)).toBe(true);
});
