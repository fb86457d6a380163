import { Live } from "../../src/live/live";
import { writeCursor } from "../../src/store/page";
import type { Reader } from "../../src/store/statement";
import { type TestOrganization, World } from "../support/world";

const ALL = { permission: null, subject: "member", isRelevant: () => true } as const;

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
});
afterAll(() => world.close());

test("whoever resumes while the database is away goes on once it is back, though nothing new happens", async () => {
  await acme.invite("somebody@example.com", "VIEWER");
  let failures = 0;
  let reading = 0;
  // The one read that fails is the watcher's own, of what came before everybody else's position.
  const database: Reader = {
    rows: async (statement, values) => {
      if (statement.name === "live-events" && values[2] === 0 && failures === 0) {
        failures += 1;
        throw new Error("The database is away.");
      }
      reading += 1;
      return await world.database.rows<never>(statement, values).finally(() => {
        reading -= 1;
      });
    },
  };
  const live = new Live({ database, clock: world.clock }, { onWakeUp: () => undefined }, () => undefined);
  const subscriber = { viewer: acme.owner, expiresAt: null, onStalled: () => undefined };
  // Somebody else watches already: what came last has been read.
  const other = await live.watchOrganization(subscriber, { organizationId: acme.id }, ALL);
  void other.next();
  while (!other.isIdle || reading > 0) await new Promise((resolve) => setImmediate(resolve));
  const asked = { organizationId: acme.id, after: writeCursor("events", acme.id, [0]) };
  const watcher = await live.watchOrganization(subscriber, asked, ALL);
  expect((await watcher.next()).value?.sequence).toBe(1);
  expect(failures).toBe(1);
  live.close();
});
