import { commands } from "../../src/commands";
import { EventHeads } from "../../src/loaders/event-heads";
import { MembershipHeads } from "../../src/loaders/membership-heads";
import type { TracedReader } from "../../src/store/engine/statement";
import { writePositions } from "../../src/store/events/positions";
import { writeCursor } from "../../src/store/page";
import { type Actor, World } from "../support/world";
import { ask, interrupted, WorldStream } from "./support/world-stream";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

async function follow(viewer: Actor, after: string): Promise<WorldStream> {
  const stream = await WorldStream.open(world, viewer, "viewerMembershipChanged", { after }, "cursor");
  await stream.close();
  return stream;
}

test("malformed, foreign and future cursors are BAD_USER_INPUT", async () => {
  const [acme, person] = [await world.organization(), await world.person()];
  await person.run(commands.acceptInvitation, { invitationId: await acme.invite(person.email, "VIEWER") });
  const far = writePositions(person.id, new Map([[acme.id, 1_000]]));
  const foreign = writePositions(acme.owner.id, new Map([[acme.id, 1]]));
  const raw = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const hostile = [
    ...["", "x", far, foreign, writeCursor("events", acme.id, [1]), raw(null), raw(["memberships", person.id])],
    raw(["memberships", person.id, [[acme.id, "1"]]]),
    raw(["memberships", person.id, [["no id", 1]]]),
    raw(["memberships", person.id, [[acme.id, -1]]]),
    raw(["memberships", person.id, [[acme.id, 2 ** 31]]]),
    raw(["memberships", person.id, [[acme.id, 1.5]]]),
    raw(["memberships", person.id, [[acme.id, 1, 2]]]),
  ];
  for (const cursor of hostile)
    expect([cursor, (await follow(person, cursor)).code]).toEqual([cursor, "BAD_USER_INPUT"]);
  const harmless = writePositions(person.id, new Map([["00000000-0000-7000-8000-000000000000", 5]]));
  expect((await follow(person, harmless)).code).toBeNull();
});

test("a stream from the cursor of a mutation's response delivers all changes that the response lacks", async () => {
  let lacking = 0;
  for (let n = 0; ; n++) {
    const [acme, person] = [await world.organization(), await world.person()];
    const invitationId = await acme.invite(person.email, "VIEWER");
    let statements = 0;
    let isChanged = false;
    const database = interrupted(world, async (statement) => {
      statements = statement + 1;
      if (statement !== n) return;
      const text = "SELECT id FROM member WHERE organization_id = $1 AND user_id = $2";
      const [joined] = await world.query<{ id: string }>(text, acme.id, person.id);
      isChanged = joined !== undefined;
      const input = { organizationId: acme.id, memberId: joined?.id ?? "", role: "ADMIN" } as const;
      if (isChanged) await acme.owner.run(commands.changeMemberRole, input);
    });
    const text = `mutation { acceptInvitation(input: { invitationId: "${invitationId}" }) {
      ... on AcceptInvitationSuccess { member { role user { membershipCursor } organization { members { totalCount } } } } } }`;
    const { data } = await ask(world, person, text, world.context(person, database));
    if (statements <= n) break;
    const { role, user } = data.acceptInvitation.member;
    if (!isChanged || role === "ADMIN") continue;
    lacking += 1;
    const after = user.membershipCursor;
    const stream = await WorldStream.open(world, person, "viewerMembershipChanged", { after }, "change");
    expect(await stream.next()).toEqual([{ change: "ROLE_CHANGED" }]);
    await stream.close();
  }
  expect(lacking).toBeGreaterThan(0);
});

test("a cursor after a change is the one from before it if the heads cannot be read any more", async () => {
  const { id, owner } = await world.organization();
  const visibility = { userId: owner.id, all: false, now: world.clock.now() };
  const down = { span: null, rows: () => Promise.reject(new Error("down")) } as unknown as TracedReader;
  const contextOf = (reader: TracedReader) => ({ reader, visibility, now: visibility.now });
  const [answering, failing] = [contextOf(world.database), contextOf(down)];
  const [events, laterEvents] = [new EventHeads(answering), new EventHeads(failing)];
  await events.mark();
  await laterEvents.markAgain(events);
  expect(await laterEvents.of(id)).toBe(await events.of(id));
  expect(await events.of(id)).toBeGreaterThan(0);
  const [memberships, laterMemberships] = [new MembershipHeads(answering), new MembershipHeads(failing)];
  await memberships.mark();
  await laterMemberships.markAgain(memberships);
  expect((await laterMemberships.positions()).get(id)).toBe((await memberships.positions()).get(id));
});
