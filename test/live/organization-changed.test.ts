import { commands } from "../../src/commands";
import { EVENT_TYPES } from "../../src/domain/events";
import { inTransaction } from "../../src/store/engine/transaction";
import { recordChanges } from "../../src/store/events/event-log";
import { readEventBatch } from "../../src/store/events/live-events";
import { lockOrganization } from "../../src/store/organization";
import { writeCursor } from "../../src/store/page";
import { type Actor, type TestOrganization, World } from "../support/world";
import { FollowedOrganization, typesOf } from "./support/followed-organization";
import { WorldStream } from "./support/world-stream";

let world: World;
let followed: FollowedOrganization;
let acme: TestOrganization;
let alpha: string;
let beta: string;
let developer: Actor;
beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  followed = await FollowedOrganization.create(world);
  ({ acme, alpha, beta, developer } = followed);
});
afterEach(() => followed.close());
afterAll(() => world.close());

/** Writes one event of each type except the deletion. Events about a workspace are about Beta. */
async function recordEveryType(): Promise<void> {
  const changes = EVENT_TYPES.filter((type) => type !== "organization.deleted").map((type) => ({
    ...{ type, subjectId: acme.id, summary: `${type} happened.` },
    ...(type.startsWith("workspace") && { workspaceId: beta }),
  }));
  await inTransaction(world.database, async (transaction) => {
    const head = await lockOrganization(transaction, acme.id);
    if (!head) throw new Error("There is no such organization.");
    await recordChanges(transaction, head, { actor: { kind: "system" }, at: world.clock.now() }, changes, []);
  });
}

test("each type of event reaches only viewers who may see its subject", async () => {
  const viewer = await acme.member("VIEWER");
  const holder = await acme.member("VIEWER", [beta]);
  const admin = await acme.member("ADMIN");
  const of = (...nouns: string[]) =>
    EVENT_TYPES.filter((type) => nouns.includes(type.split(".")[0] ?? "") && type !== "organization.deleted");
  const workspaces = ["workspace", "workspace_access"];
  const statuses = of("byok").filter((type) => !/resealed|verified|expiring/.test(type));
  const forAll = of("organization").filter((type) => type !== "organization.limits_changed");
  const expected: Array<[Actor, string[]]> = [
    [acme.owner, of("organization", ...workspaces, "access_review", "subscription", "credits", "byok")],
    [admin, [...of("organization", ...workspaces, "access_review"), ...statuses]],
    [holder, [...forAll, ...of(...workspaces), ...statuses]],
    [developer, [...forAll, ...statuses]],
    [viewer, [...forAll, ...statuses]],
  ];
  const followers = await Promise.all(expected.map(([who]) => followed.follow(who)));
  const logs = await Promise.all(expected.map(([who]) => followed.followLog(who)));
  await recordEveryType();
  for (const [index, [who, types]] of expected.entries()) {
    const seesLog = who === acme.owner || who === admin;
    const events = (await followers[index]?.next()) ?? [];
    expect(events.map(({ type }) => type)).toEqual(types);
    // The stream of the audit log delivers every event to those who may read the log, and none to others.
    expect(await logs[index]?.next()).toHaveLength(seesLog ? EVENT_TYPES.length - 1 : 0);
    expect(logs[index]?.code).toBe(seesLog ? null : "FORBIDDEN");
    for (const { type, summary, workspaceId, organization } of events) {
      const isPlain = type.startsWith("byok.") && !seesLog;
      expect(summary).toMatch(isPlain ? /own AWS key changed/ : `${type} happened.`);
      expect(workspaceId).toBe(type.startsWith("workspace") ? beta : null);
      expect(organization).toEqual({ name: "Acme" });
    }
  }
});

test("a Developer gets events of visible workspaces, and of each workspace that is assigned or revoked", async () => {
  const stream = await followed.follow(developer);
  await followed.rename(alpha, "Alpha 2");
  await followed.rename(beta, "Beta 2");
  expect(typesOf(await stream.next())).toEqual([["workspace.updated", alpha]]);
  await followed.grant(beta, developer);
  await followed.rename(beta, "Beta 3");
  expect(typesOf(await stream.next())).toEqual([
    ["workspace_access.changed", beta],
    ["workspace.updated", beta],
  ]);
  await followed.revoke(beta, developer);
  expect(typesOf(await stream.next())).toEqual([["workspace_access.changed", beta]]);
  await followed.rename(beta, "Beta 4");
  await followed.grant(beta, await acme.member("VIEWER"));
  expect(await stream.next()).toEqual([]);
  expect(stream.code).toBeNull();
});

test("a change of access to several workspaces reaches the member and all viewers of one of them", async () => {
  const other = await acme.member("VIEWER", [beta]);
  const blind = await acme.member("VIEWER");
  const followers = [
    await followed.follow(developer),
    await followed.follow(other),
    await followed.follow(blind),
    await followed.follow(acme.owner),
  ];
  const input = { organizationId: acme.id, memberId: developer.memberId, grants: [{ workspaceId: beta }] };
  await acme.owner.run(commands.setWorkspaceAccess, input);
  const received = await Promise.all(followers.map(async (stream) => typesOf(await stream.next())));
  const change = [["workspace_access.changed", null]];
  expect(received).toEqual([change, change, [], change]);
});

test("the deletion of a workspace reaches only people who had access to it", async () => {
  const blind = await acme.member("VIEWER", [beta]);
  const [stream, other] = [await followed.follow(developer), await followed.follow(blind)];
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: alpha });
  expect(typesOf(await stream.next())).toEqual([
    ["workspace.deleted", alpha],
    ["workspace_access.changed", alpha],
  ]);
  expect(await other.next()).toEqual([]);
});

test("access in another organization and assignments of deleted workspaces do not count", async () => {
  const stream = await followed.follow(developer);
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: alpha });
  await stream.next();
  const insert = "INSERT INTO workspace_assignment (organization_id, workspace_id, member_id) VALUES ($1, $2, $3)";
  await world.query(insert, acme.id, alpha, developer.memberId);
  await inTransaction(world.database, async (transaction) => {
    const head = await lockOrganization(transaction, acme.id);
    const change = { type: "workspace.updated", subjectId: alpha, workspaceId: alpha, summary: "Late." } as const;
    if (head) await recordChanges(transaction, head, { actor: { kind: "system" }, at: new Date() }, [change], []);
  });
  expect(await stream.next()).toEqual([]);
});

test("an event about a workspace is not delivered once the access is lost", async () => {
  const stream = await followed.follow(developer);
  await followed.rename(alpha, "Alpha 2");
  const [{ cursor }] = await stream.next();
  await followed.rename(alpha, "Alpha 3");
  await followed.revoke(alpha, developer);
  const later = await followed.follow(developer, cursor);
  expect(typesOf(await later.next())).toEqual([["workspace_access.changed", alpha]]);
});

test("access that has ended does not count, to the millisecond and before the job has deleted it", async () => {
  const stream = await followed.follow(developer);
  const end = (time: Date) =>
    world.query("UPDATE workspace_assignment SET expires_at = $1 WHERE member_id = $2", time, developer.memberId);
  await end(new Date(world.clock.now().getTime() + 1));
  await followed.rename(alpha, "Alpha 2");
  expect(typesOf(await stream.next())).toEqual([["workspace.updated", alpha]]);
  await end(world.clock.now());
  await followed.rename(alpha, "Alpha 3");
  await acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: alpha });
  expect(typesOf(await stream.next())).toEqual([["workspace_access.expired", alpha]]);
});

test("a new role limits or extends the stream without ending it; a removal ends it", async () => {
  const stream = await followed.follow(developer);
  const change = (role: "OWNER" | "VIEWER") =>
    acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId: developer.memberId, role });
  await change("OWNER");
  await acme.owner.run(commands.changePlan, { organizationId: acme.id, planCode: "ENTERPRISE" });
  await followed.rename(beta, "Beta 2");
  expect(typesOf(await stream.next())).toEqual([
    ["subscription.plan_changed", null],
    ["organization.limits_changed", null],
    ["workspace.updated", beta],
  ]);
  await change("VIEWER");
  await followed.rename(beta, "Beta 3");
  await followed.rename(alpha, "Alpha 3");
  expect(typesOf(await stream.next())).toEqual([["workspace.updated", alpha]]);
  await followed.removeMember(developer);
  await followed.rename(alpha, "Alpha 4");
  expect(await stream.next()).toEqual([]);
  expect(stream.code).toBe("NOT_FOUND");
});

test.each([
  ["of the list of members", () => writeCursor("members", acme.id, [0, acme.id])],
  ["beyond the head of the log", () => followed.cursorAt(10_000)],
  ["of another organization", () => writeCursor("events", alpha, [1])],
  ["that is malformed", () => "x"],
  ["that is empty", () => ""],
])("a cursor %s is BAD_USER_INPUT", async (_, after) => {
  for (const field of ["organizationChanged", "membershipChanged", "invitationChanged", "auditLogChanged"]) {
    const args = { organizationId: acme.id, after: after() };
    const { code } = await WorldStream.open(world, acme.owner, field, args, "cursor");
    expect([field, code]).toEqual([field, "BAD_USER_INPUT"]);
  }
});

test("batches for this stream lack the summaries of events about invitations and members", async () => {
  const request = {
    organizationId: acme.id,
    position: 0,
    limit: 50,
    userIds: [],
    kinds: new Set(["organization"] as const),
  };
  const { events = [] } = (await readEventBatch(world.database, world.clock.now(), request)) ?? {};
  const loaded = new Set(events.filter(({ organization }) => organization).map(({ type }) => type.split(".")[0]));
  expect([...loaded].sort()).toEqual(["organization", "subscription", "workspace"]);
  expect(JSON.stringify(events.map(({ organization }) => organization))).not.toContain("@");
});
