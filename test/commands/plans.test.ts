import { commands } from "../../src/commands";
import { changeOrganization } from "../../src/commands/runner/run";
import { RESTORABLE_MS } from "../../src/domain/organization";
import { sweepLeftovers, sweepSubscriptions } from "../../src/jobs/sweep";
import type { Reader } from "../../src/store/engine/statement";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const MONTH_MS = 31 * 24 * 60 * 60 * 1000;
const change = (acme: TestOrganization, planCode: string) =>
  outcomeOf(acme.owner.run(commands.changePlan, { organizationId: acme.id, planCode }));
const planOf = async (acme: TestOrganization) =>
  (
    await world.query<{ plan_code: string; scheduled_plan_code: string | null }>(
      "SELECT plan_code, scheduled_plan_code FROM organization_subscription WHERE organization_id = $1",
      acme.id,
    )
  )[0];

test("an upgrade takes effect at once, a downgrade when the period ends", async () => {
  const acme = await world.organization("STARTER");
  expect(await change(acme, "ADVANCED")).toBe("ok");
  expect(await change(acme, "STANDARD")).toBe("ok");
  expect(await planOf(acme)).toEqual({ plan_code: "ADVANCED", scheduled_plan_code: "STANDARD" });
  world.clock.pass(MONTH_MS);
  await sweepSubscriptions(world.replica());
  expect(await planOf(acme)).toEqual({ plan_code: "STANDARD", scheduled_plan_code: null });
  expect(await change(acme, "STARTER")).toBe("ok");
  expect(await change(acme, "ADVANCED")).toBe("ok");
  expect(await planOf(acme)).toEqual({ plan_code: "ADVANCED", scheduled_plan_code: null });
});

test("a payment is newer than reports that were requested before it, and older than later ones", async () => {
  const { id: organizationId, owner } = await world.organization("ADVANCED");
  const payAt = async (at: Date) => {
    const input = { organizationId, planCode: "ADVANCED" };
    await changeOrganization(world.replica(), organizationId, (unit) =>
      commands.changePlan.run({ ...unit, actor: owner }, input, { kind: "paid", at }),
    );
    const text = "SELECT provider_read_at AS at FROM organization_subscription WHERE organization_id = $1";
    return (await world.query<{ at: Date }>(text, organizationId))[0]?.at;
  };
  const now = world.clock.now();
  expect(await payAt(now)).toEqual(now);
  expect(await payAt(new Date(now.getTime() - 1))).toEqual(now);
});

test("a downgrade is refused while the organization exceeds the limits", async () => {
  const acme = await world.organization("ADVANCED");
  await acme.invite("seat@example.com", "VIEWER");
  expect(await change(acme, "STARTER")).toBe("PLAN_LIMIT_EXCEEDED");
  expect(await change(acme, "STANDARD")).toBe("ok");
});

test("a scheduled downgrade can be canceled; a change to the same plan is refused", async () => {
  const acme = await world.organization("ADVANCED");
  const cancel = () => outcomeOf(acme.owner.run(commands.cancelScheduledPlan, { organizationId: acme.id }));
  expect(await cancel()).toBe("PLAN_UNCHANGED");
  await change(acme, "STARTER");
  expect(await change(acme, "STARTER")).toBe("PLAN_UNCHANGED");
  expect(await cancel()).toBe("ok");
  expect(await change(acme, "ADVANCED")).toBe("PLAN_UNCHANGED");
  expect(await change(acme, "GOLD")).toBe("PLAN_UNKNOWN");
});

test("the limits of a plan's workspaces, unique names and the default workspace are enforced", async () => {
  const acme = await world.organization("STANDARD");
  const create = (name: string) =>
    outcomeOf(acme.owner.run(commands.createWorkspace, { organizationId: acme.id, name, cloudProvider: "AZURE" }));
  expect(await create("Prod")).toBe("ok");
  expect(await create(" ＰＲＯＤ ")).toBe("NAME_TAKEN");
  expect(await create("Dev")).toBe("ok");
  expect(await create("More")).toBe("WORKSPACE_LIMIT_REACHED");
  const text = "SELECT id FROM workspace WHERE organization_id = $1 ORDER BY is_default DESC, created_at, id";
  const [main, prod] = await world.query<{ id: string }>(text, acme.id);
  const remove = (id = "") =>
    outcomeOf(acme.owner.run(commands.deleteWorkspace, { organizationId: acme.id, workspaceId: id }));
  expect(await remove(main?.id)).toBe("DEFAULT_WORKSPACE");
  expect(await remove(prod?.id)).toBe("ok");
  expect(await create("Prod")).toBe("ok");
});

test("a deleted organization is invisible, can be restored by an Owner, and is purged after 30 days", async () => {
  const acme = await world.organization();
  const admin = await acme.member("ADMIN");
  const organizationId = acme.id;
  const remove = () => outcomeOf(acme.owner.run(commands.deleteOrganization, { organizationId, confirmName: "Acme" }));
  const restore = (by = acme.owner) => outcomeOf(by.run(commands.restoreOrganization, { organizationId }));
  expect(await outcomeOf(acme.owner.run(commands.deleteOrganization, { organizationId, confirmName: "acme" }))).toBe(
    "INVALID_INPUT",
  );
  expect(await remove()).toBe("ok");
  expect(await outcomeOf(admin.run(commands.leaveOrganization, { organizationId }))).toBe("NOT_FOUND");
  expect(await restore(admin)).toBe("FORBIDDEN");
  expect(await restore()).toBe("ok");
  expect(await outcomeOf(acme.owner.run(commands.updateOrganization, { organizationId, name: "Back" }))).toBe("ok");
  expect(await outcomeOf(acme.owner.run(commands.deleteOrganization, { organizationId, confirmName: "Back" }))).toBe(
    "ok",
  );
  world.clock.pass(RESTORABLE_MS);
  expect(await restore()).toBe("NOT_FOUND");
  await sweepLeftovers(world.replica());
  expect(await world.query("SELECT 1 FROM organization WHERE id = $1", organizationId)).toEqual([]);
});

test("a personal organization cannot be deleted, and its last Owner cannot leave", async () => {
  const person = await world.person();
  const text = "SELECT id, name FROM organization WHERE personal_for_id = $1";
  const [personal] = await world.query<{ id: string; name: string }>(text, person.id);
  const input = { organizationId: personal?.id ?? "", confirmName: personal?.name ?? "" };
  expect(await outcomeOf(person.run(commands.deleteOrganization, input))).toBe("INVALID_INPUT");
  expect(await outcomeOf(person.run(commands.leaveOrganization, input))).toBe("LAST_OWNER");
});

test("verification finds a log that was changed, cut or shortened", async () => {
  const acme = await world.organization();
  await acme.member("VIEWER");
  const verify = () => verifyAuditLog(world.database, acme.id);
  expect(await verify()).toMatchObject({ ok: true });
  // A log that grows during the read is intact.
  const growing: Reader = {
    rows: async (statement, values) => {
      if (statement.name === "events-to-verify") await acme.invite("meanwhile@example.com", "VIEWER");
      return await world.database.rows(statement, values);
    },
  };
  expect(await verifyAuditLog(growing, acme.id)).toMatchObject({ ok: true });
  const where = "WHERE organization_id = $1 AND sequence =";
  await world.query(`UPDATE organization_event SET summary = 'Nothing happened.' ${where} 3`, acme.id);
  expect(await verify()).toMatchObject({ ok: false, problem: "event 3 was changed" });
  await world.query(`DELETE FROM organization_event ${where} 3`, acme.id);
  expect(await verify()).toMatchObject({ ok: false, problem: "event 3 is missing" });
  await world.query("DELETE FROM organization_event WHERE organization_id = $1 AND sequence > 1", acme.id);
  expect(await verify()).toMatchObject({ ok: false });
});
