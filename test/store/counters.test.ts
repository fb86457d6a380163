import { mendCounters } from "../../src/jobs/mend-counters";
import { countUse } from "../../src/store/counts";
import { COUNTING_BY_KEY } from "../../src/store/engine/distribution-triggers";
import type { SortKey } from "../../src/store/lists";
import { wrongCounters } from "../../src/store/recount";
import { invitationTotals } from "../../src/store/views/invitations";
import { memberTotals } from "../../src/store/views/member-pages";
import { useOfOrganizations } from "../../src/store/views/subscriptions";
import { workspaceAccessPages, workspaceAccessTotals } from "../../src/store/views/workspace-access";
import { Random } from "../support/random";
import { RandomHistory } from "../support/random-history";
import { World } from "../support/world";

const STEPS = Number(process.env.PROVE_HISTORY ?? 50);
const STATUSES = ["PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"] as const;
const ROLES = ["OWNER", "ADMIN", "DEVELOPER", "VIEWER"] as const;

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const organizationIds = async () =>
  (await world.query<{ id: string }>("SELECT id FROM organization ORDER BY id")).map(({ id }) => id);

/** The number of rows of an organization in a table that satisfy a condition. */
async function rowsOf(table: string, organizationId: string, condition: string): Promise<number> {
  const text = `SELECT count(*)::int AS n FROM ${table} WHERE organization_id = $1 AND ${condition}`;
  return (await world.query<{ n: number }>(text, organizationId))[0]?.n ?? -1;
}

/** The members with access to each workspace: from pages of two, from the total, and from the rows. */
async function accessRead(organizationId: string) {
  const { database, clock } = world;
  const now = clock.now();
  const read: object[] = [];
  const counted: object[] = [];
  const text = "SELECT id FROM workspace WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id";
  for (const { id } of await world.query<{ id: string }>(text, organizationId)) {
    const rows = await world.query<{ id: string }>(
      `SELECT m.id FROM member m WHERE m.organization_id = $1 AND (m.role IN ('OWNER', 'ADMIN') OR EXISTS (
         SELECT FROM workspace_assignment a WHERE a.workspace_id = $2 AND a.member_id = m.id
           AND (a.expires_at IS NULL OR a.expires_at > $3)))
       ORDER BY m.joined_at, m.id`,
      ...[organizationId, id, now],
    );
    counted.push({ total: rows.length, ids: rows.map((row) => row.id) });
    const ids: string[] = [];
    for (let after: SortKey | null = null; ; ) {
      const page = { limit: 2, after };
      const nodes = await workspaceAccessPages(database, { userId: null, all: true, now }, [id], page);
      ids.push(...nodes.slice(0, 2).map(({ member }) => member.id));
      const last = nodes[1]?.member;
      if (nodes.length < 3 || !last) break;
      after = [last.joinedAt.getTime(), last.id];
    }
    read.push({ total: (await workspaceAccessTotals(database, now, [id]))[0]?.total, ids });
  }
  return { read, counted };
}

/** The counts that the service reads for an organization, and the counts of its rows. */
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
  const access = await accessRead(id);
  const byRole = await Promise.all(ROLES.map((role) => rowsOf("member", id, `role = '${role}'`)));
  const byStatus = await Promise.all(STATUSES.map((status) => rowsOf("invitation", id, `status = '${status}'`)));
  const [, accepted = 0, declined = 0, canceled = 0, expired = 0] = byStatus;
  return [
    {
      ...{ access: access.read },
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
      ...{ access: access.counted },
      use: { members, owners, pending, workspaces },
      seats: [{ organizationId: id, seats: members + pending, workspaces }],
      roles: byRole,
      statuses: [pending, accepted, declined, canceled, expired + overdue],
      all: [members, byStatus.reduce((a, b) => a + b), owners + (byRole[3] ?? 0), pending + overdue + expired],
    },
  ];
}

test("after any changes, some of them concurrent, every counter equals a recount, and every read is up to date", async () => {
  // The triggers of a distributed database count in the second half.
  const half = Math.floor(STEPS / 2);
  const random = new Random(20261127);
  const history = new RandomHistory(world, random);
  await history.start(6);
  for (let step = 0; step < STEPS; step++) {
    if (step === half) for (const replacement of COUNTING_BY_KEY) await world.query(replacement);
    await history.step();
    const ids = await organizationIds();
    expect(await wrongCounters(world.database, ids)).toEqual([]);
    const [read, counted] = await readAndCounted(random.pick(ids));
    expect(read).toEqual(counted);
  }
  expect(Object.keys(history.done).length).toBeGreaterThan(18);
});

/** Damages one counter of an organization per call. */
const DAMAGES = [
  ...["owners", "admins", "developers", "viewers", "pending_invitations", "accepted_invitations"],
  ...["declined_invitations", "canceled_invitations", "expired_invitations", "workspaces"],
].map((counter) => `UPDATE organization_count SET ${counter} = ${counter} + 1 WHERE organization_id = $1`);
DAMAGES.push(
  "DELETE FROM organization_count WHERE organization_id = $1",
  "UPDATE workspace_count SET members = members - 1 WHERE organization_id = $1",
  "DELETE FROM workspace_count WHERE organization_id = $1",
  "UPDATE workspace_assignment SET is_dormant = NOT is_dormant WHERE organization_id = $1",
  "UPDATE workspace_assignment SET member_joined_at = NULL WHERE organization_id = $1",
);

test("a job repairs all wrong and missing counters, and logs them", async () => {
  const [acme, right] = [await world.organization(), await world.organization()];
  const workspaceId = await acme.workspace("Prod");
  await acme.member("DEVELOPER", [workspaceId]);
  const [before] = await readAndCounted(acme.id);
  for (const damage of DAMAGES) {
    await world.query(damage, acme.id);
    expect(await wrongCounters(world.database, [acme.id])).not.toEqual([]);
    const lines: object[] = [];
    await mendCounters(world.replica(), { error: (line: object) => lines.push(line) });
    expect(lines).toContainEqual(expect.objectContaining({ alarm: true, organizationId: acme.id }));
    expect(JSON.stringify(lines)).not.toContain(right.id);
    expect(await wrongCounters(world.database, [acme.id, right.id])).toEqual([]);
    expect((await readAndCounted(acme.id))[0]).toEqual(before);
  }
});
