import { commands } from "../../src/commands";
import { Unavailable } from "../../src/domain/denial";
import type { UsageRecord } from "../../src/domain/usage";
import { asTransaction } from "../../src/store/engine/single-statement";
import { inTransaction, type Transaction } from "../../src/store/engine/transaction";
import { insertUsage } from "../../src/store/usage";
import { ensureUsagePartitions } from "../../src/store/usage-partitions";
import { workspacesOf } from "../support/metering";
import { type TestOrganization, World } from "../support/world";

// A distributed database with a node that is down records organization by organization. One server can do both.

let world: World;
beforeEach(async () => {
  world = await World.create({ isDistributed: false, hasDirectories: true });
  await ensureUsagePartitions(world.database, ["2026-03-01", "2026-04-01", "2026-05-01"]);
});
afterEach(() => world.close());

const HOUR = 3_600_000;
const lostNode = () => Promise.reject(new Unavailable("A node is down.", { mayHaveHappened: true }));
const together = () => asTransaction(world.database);
const divided = () => ({ ...together(), write: lostNode });

/** An organization with two workspaces, the second one deleted. */
async function organization(): Promise<TestOrganization & { workspaces: string[] }> {
  const found = await world.organization();
  const workspaceId = await found.workspace("Second");
  const workspaces = await workspacesOf(world, found.id);
  await found.owner.run(commands.deleteWorkspace, { organizationId: found.id, workspaceId });
  return Object.assign(found, { workspaces });
}

/** The sums of an organization, without its ids. */
const sumsOf = async ({ id, workspaces }: { id: string; workspaces: readonly string[] }) => ({
  hours: await world.query(
    `SELECT array_position($2::uuid[], scope_id) AS place, hour, credits, calls, byok_calls FROM usage_hour
     WHERE organization_id = $1 ORDER BY 1, 2`,
    ...[id, workspaces],
  ),
  days: await world.query(
    "SELECT day, period_start, credits FROM usage_day WHERE organization_id = $1 ORDER BY 1, 2",
    id,
  ),
  ledger: await world.query(
    `SELECT id, month, array_position($2::uuid[], workspace_id) AS place, at, credits, byok FROM usage_ledger
     WHERE organization_id = $1 ORDER BY id, month`,
    ...[id, workspaces],
  ),
});

const to = (time: string) => world.clock.pass(new Date(time).getTime() - world.clock.now().getTime());

test("both ways count the same: repeated ids, other months, own keys, early calls and missing workspaces", async () => {
  const [one, other] = [await organization(), await organization()];
  const founded = world.clock.now();
  const batches = ["2026-03-10T12:00:00Z", "2026-04-01T00:00:01Z", "2026-04-20T12:00:00Z"];
  const callsOf = ([first = "", deleted = ""]: readonly string[]): UsageRecord[] => {
    const at = world.clock.now();
    const call = { workspaceId: first, at, credits: 0.123456789, byok: false };
    return [
      { ...call, id: "same" },
      { ...call, id: "same", credits: 5 },
      { ...call, id: `own key ${at.toISOString()}`, byok: true },
      { ...call, id: `free ${at.toISOString()}`, credits: 0 },
      { ...call, id: `capitals ${at.toISOString()}`, workspaceId: first.toUpperCase() },
      { ...call, id: `deleted ${at.toISOString()}`, workspaceId: deleted, at: new Date(at.getTime() - 30 * HOUR) },
      { ...call, id: `early ${at.toISOString()}`, at: new Date(founded.getTime() - 1_000) },
      { ...call, id: `too early ${at.toISOString()}`, at: new Date(founded.getTime() - 20 * HOUR) },
      { ...call, id: `nowhere ${at.toISOString()}`, workspaceId: "00000000-0000-4000-8000-000000000000" },
    ];
  };
  for (const time of batches) {
    to(time);
    const expected = await insertUsage(together(), callsOf(one.workspaces), world.clock.now());
    expect(await insertUsage(divided(), callsOf(other.workspaces), world.clock.now())).toEqual({
      ...expected,
      spendingOrganizations: [other.id],
    });
    expect(expected).toMatchObject({ unknownWorkspaces: [8], spendingOrganizations: [one.id] });
    expect(await sumsOf(other)).toEqual(await sumsOf(one));
  }
  const { hours, days, ledger } = await sumsOf(other);
  expect([hours.length, days.length, ledger.length].every((length) => length > 5)).toBe(true);
});

test("organizations on other nodes are recorded, and the error says so", async () => {
  const [one, other] = [await organization(), await organization()];
  const records = [one, other].map(({ workspaces: [workspaceId = ""] }, index) => ({
    ...{ id: `call ${index}`, workspaceId, at: world.clock.now(), credits: 1, byok: false },
  }));
  let failures = 0;
  const apart: Transaction["apart"] = (work) => (failures++ === 0 ? lostNode() : inTransaction(world.database, work));
  const failed = insertUsage({ ...divided(), apart }, records, world.clock.now());
  await expect(failed).rejects.toMatchObject({ extensions: { code: "UNAVAILABLE", mayHaveHappened: true } });
  const recorded = () => world.query("SELECT count(*)::int AS count FROM usage_ledger");
  expect(await recorded()).toEqual([{ count: 1 }]);
  expect(await insertUsage(divided(), records, world.clock.now())).toMatchObject({ recorded: 1 });
  expect(await recorded()).toEqual([{ count: 2 }]);
});

test("without directories, and in an open transaction, the error stays", async () => {
  const { workspaces } = await organization();
  const record = { id: "call", workspaceId: workspaces[0] ?? "", at: world.clock.now(), credits: 1, byok: false };
  for (const missing of [{ writesDirectories: false }, { apart: undefined }]) {
    await expect(insertUsage({ ...divided(), ...missing }, [record], world.clock.now())).rejects.toThrow("down");
  }
});
