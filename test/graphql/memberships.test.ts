import { MAX_PAGE_SIZE } from "../../src/store/page";
import { organizationsOfPerson } from "../../src/store/views/organizations";
import { mostRowsRead } from "../support/rows-read";
import { type Person, RunningService } from "../support/service";

let service: RunningService;
let person: Person;
const MANY = 3_000;

beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  person = await service.person("Mandy");
  await person.ask("{ viewer { id } }");
  await putIntoMany(person.id);
});
afterAll(() => service.stop());

/** Adds a person to very many organizations, a tenth of them deleted, joined in random order of ids. */
async function putIntoMany(userId: string): Promise<void> {
  await service.app.services.database.dataSource.query(
    `WITH numbered AS (
       SELECT n, gen_random_uuid() AS id FROM generate_series(1, ${MANY}) AS n
     ), organizations AS (
       INSERT INTO organization (id, name, created_at, updated_at, deleted_at)
       SELECT id, 'N' || n, now(), now(), CASE WHEN n % 10 = 0 THEN now() END FROM numbered
     ), subscriptions AS (
       INSERT INTO organization_subscription (id, organization_id, plan_code, status, billing_interval, started_at,
         current_period_start, current_period_end)
       SELECT gen_random_uuid(), id, 'STARTER', 'ACTIVE', 'MONTHLY', now(), now(), now() + interval '1 month' FROM numbered
     )
     INSERT INTO member (id, organization_id, user_id, role, joined_at)
     SELECT gen_random_uuid(), id, $1, 'VIEWER', now() - (n / 3) * interval '1 minute' FROM numbered`,
    [userId],
  );
}

const PAGE = `query($first: Int, $after: String) { viewer { allMemberships(first: $first, after: $after) {
  totalCount nodes { id organization { id name isPersonal } } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`;

type Membership = { id: string; organization: { id: string; name: string; isPersonal: boolean } };

async function all(first: number): Promise<Membership[]> {
  const memberships: Membership[] = [];
  let after: string | null = null;
  do {
    const { data } = await person.ask(PAGE, { first, after });
    const { nodes, pageInfo, totalCount } = data.viewer.allMemberships;
    expect(totalCount).toBe(MANY - MANY / 10 + 1);
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    memberships.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return memberships;
}

test("a person in thousands of organizations gets a page of them, the personal one first, without reading more rows", async () => {
  const { data } = await person.ask("{ viewer { memberships { id organization { id name isPersonal } } } }");
  const first: Membership[] = data.viewer.memberships;
  expect(first).toHaveLength(MAX_PAGE_SIZE);
  expect(first.map(({ organization }) => organization.isPersonal)).toEqual([
    true,
    ...Array(MAX_PAGE_SIZE - 1).fill(false),
  ]);
  const page = await person.ask(PAGE, { first: MAX_PAGE_SIZE });
  expect(page.data.viewer.allMemberships.nodes).toEqual(first);
});

test("the rows read for a page do not grow with the number of a person's organizations", async () => {
  const { dataSource } = service.app.services.database;
  await dataSource.query("ANALYZE member, organization, organization_subscription");
  const rows = await mostRowsRead(dataSource, (reader) =>
    organizationsOfPerson(reader, person.id, { limit: 100, after: null }),
  );
  // A page, one more row for hasNextPage, and the deleted organizations in between.
  expect(rows).toBeLessThanOrEqual(150);
});

test("pages of any size have every membership once, in the same order", async () => {
  const [hundreds, sevens] = [await all(MAX_PAGE_SIZE), await all(97)];
  expect(hundreds).toHaveLength(MANY - MANY / 10 + 1);
  expect(new Set(hundreds.map(({ id }) => id)).size).toBe(hundreds.length);
  expect(sevens).toEqual(hundreds);
  expect(hundreds[0]?.organization.isPersonal).toBe(true);
});

test("a page of one leads from the personal organization to the oldest membership", async () => {
  const first = await person.ask(PAGE, { first: 1 });
  const { pageInfo, nodes } = first.data.viewer.allMemberships;
  const second = await person.ask(PAGE, { first: 1, after: pageInfo.endCursor });
  const whole = await person.ask(PAGE, { first: 2 });
  expect([...nodes, ...second.data.viewer.allMemberships.nodes]).toEqual(whole.data.viewer.allMemberships.nodes);
});

test("foreign cursors and sizes out of range are refused, and the list is for the person alone", async () => {
  const other = await service.person("Otto");
  const mine = (await person.ask(PAGE, { first: 1 })).data.viewer.allMemberships.pageInfo.endCursor;
  for (const variables of [{ after: mine }, { after: "x" }, { first: 0 }, { first: 101 }]) {
    const { errors } = await other.ask(PAGE, variables);
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  }
});

test("the cost of a document multiplies the size of the page by the selection of each membership", async () => {
  const deep = (first: number) =>
    `{ viewer { allMemberships(first: ${first}) { nodes { organization { members(first: 100) { nodes { workspaceAccess { role workspace { access(first: 1) { nodes { role } } } } } } } } } } }`;
  expect((await person.ask(deep(100))).errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  expect((await person.ask(deep(1))).errors).toBeUndefined();
});
