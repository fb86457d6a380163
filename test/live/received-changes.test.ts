import { commands } from "../../src/commands";
import { World } from "../support/world";
import { WorldStream } from "./support/world-stream";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

test("changes keep the order of their log, also where an earlier time was given to a later one", async () => {
  const [acme, globex, invitee] = [await world.organization(), await world.organization(), await world.person()];
  const stream = await WorldStream.open(world, invitee, "receivedInvitationChanged", {}, "id status");
  const first = await acme.invite(invitee.email, "VIEWER");
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: first });
  world.clock.pass(-60_000);
  const second = await acme.invite(invitee.email, "VIEWER");
  const other = await globex.invite(invitee.email, "VIEWER");
  world.clock.pass(60_000);
  const ids = (await stream.next()).map(({ id }) => id);
  expect(ids.filter((id) => id !== other)).toEqual([first, first, second]);
  expect(ids).toHaveLength(4);
  await stream.close();
});
