import { commands } from "../../src/commands";
import { type Actor, type TestOrganization, World } from "../support/world";
import { FollowedOrganization, typesOf } from "./support/followed-organization";

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

test("the deletion is the last event, even if the organization was restored before the read", async () => {
  const stream = await followed.follow(developer);
  await followed.describe("Soon gone");
  await followed.delete();
  // The stream may read the update before the deletion. If it reads later, the deletion hides the update.
  const last = (await stream.next()).slice(-1);
  expect(typesOf(last)).toEqual([["organization.deleted", null]]);
  expect(last[0].organization).toBeNull();
  expect(stream.code).toBe("NOT_FOUND");
  expect((await followed.follow(developer)).code).toBe("NOT_FOUND");
  await followed.restore();
  const again = await followed.follow(developer);
  await followed.delete();
  await followed.restore();
  expect(typesOf(await again.next())).toEqual([["organization.deleted", null]]);
  expect(again.code).toBe("NOT_FOUND");
});

test("a stream that resumes after a restoration gets the deletion and the restoration, and continues", async () => {
  const first = await followed.follow(developer);
  await followed.describe("Before");
  const [{ cursor }] = (await first.next()) as [{ cursor: string }];
  await first.close();
  await followed.delete();
  await followed.restore();
  const stream = await followed.follow(developer, cursor);
  expect(typesOf(await stream.next())).toEqual([
    ["organization.deleted", null],
    ["organization.restored", null],
  ]);
  await followed.rename(alpha, "Alpha 2");
  expect(typesOf(await stream.next())).toEqual([["workspace.updated", alpha]]);
});

test("a removed member does not get a later deletion", async () => {
  const stream = await followed.follow(developer);
  await followed.removeMember(developer);
  await followed.delete();
  expect(await stream.next()).toEqual([]);
  expect(stream.code).toBe("NOT_FOUND");
});

test("the audit log's stream ends with the right, or with the organization, and resumes after its last entry", async () => {
  const admin = await acme.member("ADMIN");
  const change = (role: "ADMIN" | "VIEWER") =>
    acme.owner.run(commands.changeMemberRole, { organizationId: acme.id, memberId: admin.memberId, role });
  const sequencesOf = (entries: Array<{ sequence: number }>) => entries.map(({ sequence }) => sequence);
  const stream = await followed.followLog(admin);
  await followed.describe("Before");
  const [{ cursor, sequence }] = await stream.next();
  await change("VIEWER");
  await followed.describe("Hidden");
  expect([await stream.next(), stream.code]).toEqual([[], "FORBIDDEN"]);
  await change("ADMIN");
  const again = await followed.followLog(admin, cursor);
  expect(sequencesOf(await again.next())).toEqual([sequence + 1, sequence + 2, sequence + 3]);
  await followed.delete();
  expect([await again.next(), again.code]).toEqual([[], "NOT_FOUND"]);
  await followed.restore();
  const last = await followed.followLog(admin, cursor);
  expect(sequencesOf(await last.next())).toEqual([1, 2, 3, 4, 5].map((later) => sequence + later));
});

test("a stream that resumes from the start gets each event once and in order, regardless of other streams", async () => {
  for (let n = 0; n < 60; n++) await followed.rename(n % 2 ? alpha : beta, `Renamed ${n}`);
  const live = await followed.follow(acme.owner);
  const [owners, developers] = [
    await followed.follow(acme.owner, followed.cursorAt(0)),
    await followed.follow(developer, followed.cursorAt(0)),
  ];
  const [all, theirs] = [await owners.next(), await developers.next()];
  expect(all.length).toBeGreaterThan(60);
  expect(new Set(all.map(({ cursor }) => cursor)).size).toBe(all.length);
  const seen = all.filter(({ type, workspaceId }) => type === "organization.created" || workspaceId === alpha);
  expect(theirs.map(({ cursor }) => cursor)).toEqual(seen.map(({ cursor }) => cursor));
  expect(await live.next()).toEqual([]);
});
