import { mendCounters } from "../../src/jobs/mend-counters";
import { countUse } from "../../src/store/counts";
import { wrongCounters } from "../../src/store/recount";
import { invitationTotals } from "../../src/store/views/invitations";
import { memberTotals } from "../../src/store/views/member-pages";
import { useOfOrganizations } from "../../src/store/views/subscriptions";
import { Random } from "../support/random";
import { RandomHistory } from "../support/random-history";
import { World } from "../support/world";

const STEPS = Number(process.env.PROVE_HISTORY ?? 100);
const STATUSES = ["PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"] as const;
const ROLES = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const;

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const organizationIds = async () =>
  (await world.query<{ id: string }>("SELECT id FROM organization ORDER BY id")).map(({ id }) => id);

/** The rows of a table that satisfy a condition, counted one organization at a time. */
async function rowsOf(table: string, organizationId: string, condition: string): Promise<number> {
  const text = `SELECT count(*)::int AS n FROM ${table} WHERE organization_id = $1 AND ${condition}`;
  return (await world.query<{ n: number }>(text, organizationId))[0]?.n ?? -1;
}

/** What the service reads for an organization, and what its rows say. */
async function readAndCounted(id: string): Promise<[object, object]> {
  const { database } = world;
  const now = world.clock.now();
  const at = `'${now.toISOString()}'`;
  const totals = (statuses: readonly (typeof STATUSES)[number][] | null) =>
    invitationTotals(database, now, [id], { statuses, search: null }).then(([row]) => row?.total);
  const roles = (some: readonly (typeof ROLES)[number][] | null) =>
    memberTotals(database, [id], { search: null, roles: some }).then(([row]) => row?.total);
  const members = await rowsOf("member", id, "true");
  const owners = await rowsOf("member", id, "role = 'OWNER'");
  const pending = await rowsOf("invitation", id, `status = 'PENDING' AND expires_at > ${at}`);
  const overdue = await rowsOf("invitation", id, `status = 'PENDING' AND expires_at <= ${at}`);
  const workspaces = await rowsOf("workspace", id, "deleted_at IS NULL");
  const byRole = await Promise.all(ROLES.map((role) => rowsOf("member", id, `role = '${role}'`)));
  const byStatus = await Promise.all(STATUSES.map((status) => rowsOf("invitation", id, `status = '${status}'`)));
  const [, accepted = 0, declined = 0, canceled = 0, expired = 0] = byStatus;
  return [
    {
      use: await countUse(database, id, now),
      seats: await useOfOrganizations(database, now, [id]),
      roles: await Promise.all(ROLES.map((role) => roles([role]))),
      statuses: await Promise.all(STATUSES.map((status) => totals([status]))),
      all: [
        await roles(null),
        await totals(null),
        await roles(["OWNER", "VIEWER"]),
        await totals(["PENDING", "EXPIRED"]),
      ],
    },
    {
      use: { members, owners, pending, workspaces },
      seats: [{ organizationId: id, seats: members + pending, workspaces }],
      roles: byRole,
      statuses: [pending, accepted, declined, canceled, expired + overdue],
      all: [members, byStatus.reduce((a, b) => a + b), owners + (byRole[3] ?? 0), pending + overdue + expired],
    },
  ];
}

test("after any changes, some at once, every counter equals a recount, and no read lags behind the clock", async () => {
  const random = new Random(20261127);
  const history = new RandomHistory(world, random);
  await history.start(6);
  for (let step = 0; step < STEPS; step++) {
    await history.step();
    const ids = await organizationIds();
    expect(await wrongCounters(world.database, ids)).toEqual([]);
    const [read, counted] = await readAndCounted(random.pick(ids));
    expect(read).toEqual(counted);
  }
  expect(Object.keys(history.done).length).toBeGreaterThan(18);
});

test("a job mends counters that are wrong or missing, whichever they are, and logs what it found", async () => {
  const [acme, missing, right] = [await world.organization(), await world.organization(), await world.organization()];
  const [before] = await world.query<Record<string, number>>(
    "SELECT to_jsonb(c) - 'organization_id' AS c FROM organization_count c WHERE organization_id = $1",
    acme.id,
  );
  const counters = Object.keys(before?.c ?? {});
  expect(counters).toHaveLength(10);
  await world.query("DELETE FROM organization_count WHERE organization_id = $1", missing.id);
  for (const counter of counters) {
    await world.query(`UPDATE organization_count SET ${counter} = ${counter} + 1 WHERE organization_id = $1`, acme.id);
    const lines: object[] = [];
    await mendCounters(world.replica(), { error: (line: object) => lines.push(line) });
    expect(lines).toContainEqual(expect.objectContaining({ alarm: true, organizationId: acme.id, counted: before?.c }));
    expect(lines.filter((line) => JSON.stringify(line).includes(right.id))).toEqual([]);
    expect(await wrongCounters(world.database, [acme.id, missing.id, right.id])).toEqual([]);
  }
});
