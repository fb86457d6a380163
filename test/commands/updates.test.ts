import { commands } from "../../src/commands";
import { runCommand } from "../../src/commands/runner/run";
import { INVITATION_LIFETIME_MS, RESEND_INTERVAL_MS } from "../../src/domain/invitation";
import { DEFAULT_WORKSPACE } from "../../src/domain/workspace";
import { outcomeOf, type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
let workspaceId: string;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
  workspaceId = await acme.workspace("Production");
});
afterAll(() => world.close());

type Patch = { name?: string | null; description?: string | null };
const updates = {
  organization: (patch: Patch) => acme.owner.run(commands.updateOrganization, { organizationId: acme.id, ...patch }),
  workspace: (patch: Patch) =>
    acme.owner.run(commands.updateWorkspace, { organizationId: acme.id, workspaceId, ...patch }),
};
const stored = async (table: keyof typeof updates) => {
  const id = table === "organization" ? acme.id : workspaceId;
  const [row] = await world.query(`SELECT name, description FROM ${table} WHERE id = $1`, id);
  return row;
};

describe.each([
  ["organization", 100, 500],
  ["workspace", 255, 1000],
] as const)("the %s", (table, longestName, longestDescription) => {
  const update = updates[table];

  test("keeps absent values, and an empty or null description removes it", async () => {
    await update({ name: "  New  ", description: " Told \r\n twice " });
    expect(await stored(table)).toEqual({ name: "New", description: "Told \n twice" });
    await update({ name: "Newer" });
    expect(await stored(table)).toEqual({ name: "Newer", description: "Told \n twice" });
    await update({ description: null });
    expect(await stored(table)).toEqual({ name: "Newer", description: null });
    await update({ description: "  " });
    expect(await stored(table)).toEqual({ name: "Newer", description: null });
  });

  test.each([
    ["null", { name: null }, "name"],
    ["nothing", { name: " \u200B " }, "name"],
    ["a blank of Braille", { name: "\u2800" }, "name"],
    ["a filler of Hangul", { name: "\u3164" }, "name"],
    ["one too many", { name: "🧑".repeat(longestName + 1) }, "name"],
    ["two lines", { name: "a\nb" }, "name"],
    ["letters that run backwards", { name: "\u202Egnp.exe" }, "name"],
    ["one too many", { description: "d".repeat(longestDescription + 1) }, "description"],
  ])("refuses %s as %j", async (_, patch: Patch, path) => {
    const before = await stored(table);
    await expect(update(patch)).rejects.toMatchObject({ refusal: { code: "INVALID_INPUT", path: [path] } });
    expect(await stored(table)).toEqual(before);
  });

  test("accepts names and descriptions up to their limit in characters, not bytes", async () => {
    const patch = { name: "🧑".repeat(longestName), description: "ü".repeat(longestDescription) };
    expect(await outcomeOf(update(patch))).toBe("ok");
    expect(await stored(table)).toEqual(patch);
  });

  test("writes an event with the values before and after, and none if nothing changed", async () => {
    await update({ name: "Once", description: null });
    const events = (await acme.eventTypes()).length;
    await update({ name: " Once " });
    expect(await acme.eventTypes()).toHaveLength(events);
    world.clock.pass(1);
    await update({ name: "Twice" });
    const id = table === "organization" ? acme.id : workspaceId;
    const changed = await world.query(`SELECT updated_at AS at FROM ${table} WHERE id = $1`, id);
    expect(changed).toEqual([{ at: world.clock.now() }]);
    const [last] = await world.query(
      "SELECT type, data FROM organization_event WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1",
      acme.id,
    );
    expect(last).toEqual({
      type: `${table}.updated`,
      data: { before: { name: "Once", description: null }, after: { name: "Twice", description: null } },
    });
  });
});

test("each event has the data of its change", async () => {
  const { id: organizationId, owner } = await world.organization();
  const person = await world.person();
  const described = { name: "Alpha", description: "First", cloudProvider: "GCP" as const };
  const { workspaceId } = await owner.run(commands.createWorkspace, { organizationId, ...described });
  const workspaces = [{ workspaceId, roleOverride: "ADMIN" as const, expiresAt: null }];
  const { email } = person;
  const invited = { organizationId, emails: [email], role: "VIEWER" as const, workspaces };
  const [invitationId = ""] = (await owner.run(commands.inviteMembers, invited)).invitationIds;
  const ends = () => ({ expiresAt: new Date(world.clock.now().getTime() + INVITATION_LIFETIME_MS).toISOString() });
  const before = ends();
  world.clock.pass(RESEND_INTERVAL_MS);
  await owner.run(commands.resendInvitation, { organizationId, invitationId });
  const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
  await owner.run(commands.transferOwnership, { organizationId, memberId });
  await owner.run(commands.leaveOrganization, { organizationId });
  const text = `SELECT type, data FROM organization_event
    WHERE organization_id = $1 AND type NOT LIKE 'subscription.%' ORDER BY sequence`;
  const role = "VIEWER";
  expect((await world.query<{ type: string; data: object }>(text, organizationId)).map(Object.values)).toEqual([
    ["organization.created", { after: { name: "Acme", description: null, isPersonal: false } }],
    ["member.joined", { userId: owner.id, after: { role: "OWNER" } }],
    ["workspace.created", { after: DEFAULT_WORKSPACE }],
    [
      "organization.limits_changed",
      {
        before: { memberLimit: 1, workspaceLimit: 1, mayGrow: true },
        after: { memberLimit: null, workspaceLimit: 30, mayGrow: true },
      },
    ],
    ["workspace.created", { after: described }],
    ["invitation.created", { email, after: { role, workspaces } }],
    ["invitation.resent", { email, before, after: ends() }],
    ["invitation.accepted", { email, userId: person.id, memberId }],
    ["member.joined", { userId: person.id, after: { role, workspaces } }],
    [
      "ownership.transferred",
      {
        formerOwner: { memberId: owner.memberId, userId: owner.id },
        newOwner: { memberId, userId: person.id },
        before: { role },
      },
    ],
    ["member.left", { userId: owner.id, before: { role: "ADMIN" } }],
  ]);
});

test("an update that changes nothing notifies nobody", async () => {
  const published: string[] = [];
  const notifier = { publish: (topics: readonly string[]) => void published.push(...topics) };
  const rename = () => {
    const input = { organizationId: acme.id, name: "Renamed" };
    return runCommand({ ...world.replica(), notifier }, acme.owner, commands.updateOrganization, input);
  };
  await rename();
  expect(published).toEqual([acme.id]);
  await rename();
  expect(published).toEqual([acme.id]);
});

test.each([
  ["Brexit", "Bre\u200Bxit"],
  ["Test 3", "Test  3"],
  ["Résumé", "RE\u0301SUMÉ"],
  ["Scope", "Ѕсоре"],
])("two workspaces cannot be named %j and %j, by creating or renaming", async (name, same) => {
  const input = { organizationId: acme.id, cloudProvider: "AWS" as const };
  const create = (called: string) => acme.owner.run(commands.createWorkspace, { ...input, name: called });
  await create(name);
  expect(await outcomeOf(create(same))).toBe("NAME_TAKEN");
  const other = await create(`Another ${name}`);
  const rename = (called: string) =>
    acme.owner.run(commands.updateWorkspace, { organizationId: acme.id, workspaceId: other.workspaceId, name: called });
  expect(await outcomeOf(rename(same))).toBe("NAME_TAKEN");
  expect(await outcomeOf(rename(`Another ${same}`))).toBe("ok");
  // A renamed workspace takes its new name and frees the old one.
  expect(await outcomeOf(rename(`Third ${name}`))).toBe("ok");
  expect(await outcomeOf(create(`Third ${name}`))).toBe("NAME_TAKEN");
  expect(await outcomeOf(create(`Another ${name}`))).toBe("ok");
});

test("a constraint refuses two workspaces whose names look the same", async () => {
  const one = await acme.workspace("Looks one");
  await acme.workspace("Looks two");
  const text =
    "UPDATE workspace SET name_looks = (SELECT name_looks FROM workspace WHERE name = 'Looks two') WHERE id = $1";
  await expect(world.query(text, one)).rejects.toMatchObject({
    constraint: "workspace_organization_id_name_looks_index",
  });
});

test("workspaces with similar names from an earlier version can be changed and renamed", async () => {
  const first = await acme.workspace("Twin");
  const second = await acme.workspace("Tvvin");
  await world.query(
    "UPDATE workspace SET name = 'Tw\u200Bin', name_key = 'tw\u200Bin', name_looks = NULL WHERE id = $1",
    second,
  );
  const change = (workspaceId: string, patch: Patch) =>
    acme.owner.run(commands.updateWorkspace, { organizationId: acme.id, workspaceId, ...patch });
  for (const id of [first, second]) expect(await outcomeOf(change(id, { description: "Told apart" }))).toBe("ok");
  expect(await outcomeOf(change(second, { name: "TWIN" }))).toBe("NAME_TAKEN");
  expect(await outcomeOf(change(second, { name: "Twin two" }))).toBe("ok");
});
