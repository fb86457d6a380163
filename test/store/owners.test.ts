import { countUse } from "../../src/store/counts";
import { visibleOrganizations } from "../../src/store/views/organizations";
import { mostRowsRead } from "../support/rows-read";
import { type TestOrganization, World } from "../support/world";

const MANY = 5_000;

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  await world.query(
    `WITH people AS (
       INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
       SELECT 'many-' || n, 'Many ' || n, NULL, false, now(), now() FROM generate_series(1, $2::int) n RETURNING id)
     INSERT INTO member (id, organization_id, user_id, role, joined_at)
     SELECT gen_random_uuid(), $1, id, 'VIEWER', now() FROM people`,
    acme.id,
    MANY,
  );
  await world.query("ANALYZE member, organization, organization_subscription");
});
afterAll(() => world.close());

const ownersSeen = async () => {
  const [organization] = await visibleOrganizations(world.database, { userId: acme.owner.id, all: false }, [acme.id]);
  return organization?.owners;
};

test("the Owners of a large organization are counted without reading its members", async () => {
  const { dataSource } = world.database;
  const read = await mostRowsRead(dataSource, (reader) =>
    visibleOrganizations(reader, { userId: acme.owner.id, all: false }, [acme.id]),
  );
  expect(read).toBeLessThanOrEqual(2);
});

test("only the organization's Owners are counted, up to two", async () => {
  await world.organization();
  expect(await ownersSeen()).toBe(1);
  for (const expected of [2, 2]) {
    await acme.member("OWNER");
    expect(await ownersSeen()).toBe(expected);
  }
  expect((await countUse(world.database, acme.id, world.clock.now())).owners).toBe(3);
});
