import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, type ConsolePerson, ConsoleWorld, run } from "../../support/console-world";
import { tabTo } from "../../support/keyboard";
import { fillWithMembers } from "../../support/many-members";

inBrowser("workspace access and long lists", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  async function open(organization: ConsoleOrganization, person: ConsolePerson = organization.owner, search = "") {
    const window = await world.window(person, `/organizations/${organization.id}/members${search}`);
    await window.page.locator("h1").getByText("Members").waitFor();
    return window;
  }

  /** The names of the workspaces in which the person can run operations. */
  async function runsIn(person: ConsolePerson, { id }: ConsoleOrganization): Promise<string[]> {
    const query = "query($id: ID!) { organization(id: $id) { workspaces { nodes { name viewerPermissions } } } }";
    const { data } = await person.ask(query, { id });
    const nodes = data.organization.workspaces.nodes as Array<{ name: string; viewerPermissions: string[] }>;
    return nodes.filter((each) => each.viewerPermissions.includes("RUN_OPERATIONS")).map(({ name }) => name);
  }

  test("a Viewer becomes Developer in Production only, by keyboard; their window shows it, and Undo reverts it", async () => {
    const acme = await world.organization("Grid");
    const production = await world.workspace(acme, "Production");
    const staging = await world.workspace(acme, "Staging");
    const vera = await world.member(acme, "Vera Viewer", "VIEWER", [
      { workspaceId: production },
      { workspaceId: staging },
    ]);
    const window = await open(acme);
    const { page } = window;
    const { page: theirs } = await open(acme, vera);
    const pageOf = (id: string) => world.window(vera, `/organizations/${acme.id}/workspaces/${id}`);
    const places = [await pageOf(production), await pageOf(staging)];
    const roleIn = (index: number, role: string) => places[index]?.page.getByText(`You are ${role} here`).waitFor();
    for (const index of [0, 1]) await roleIn(index, "Viewer");
    await window.withoutMouse();
    await theirs
      .getByRole("row", { name: /Vera Viewer/ })
      .getByText("2 workspaces", { exact: true })
      .waitFor();
    expect(await runsIn(vera, acme)).toEqual([]);
    await page.getByRole("button", { name: "Workspaces of Vera Viewer" }).waitFor();
    await tabTo(page, "Workspaces of Vera Viewer");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing is changed yet.").waitFor();
    await tabTo(page, "Access to Production");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("dialog").getByText("lifts 1", { exact: true }).waitFor();
    await tabTo(page, "Save access");
    await page.keyboard.press("Enter");
    await page.getByText("The workspaces of Vera Viewer are changed.").waitFor();
    await theirs.getByText("2 workspaces, 1 override").waitFor();
    await roleIn(0, "Developer");
    await roleIn(1, "Viewer");
    expect(await runsIn(vera, acme)).toEqual(["Production"]);
    await page.keyboard.press("F6");
    await tabTo(page, "Undo");
    await page.keyboard.press("Enter");
    await theirs
      .getByRole("row", { name: /Vera Viewer/ })
      .getByText("2 workspaces", { exact: true })
      .waitFor();
    await roleIn(0, "Viewer");
    expect(await runsIn(vera, acme)).toEqual([]);
  });

  test("the grid adds, removes and limits access, and describes what saving changes", async () => {
    const acme = await world.organization("Ends");
    const production = await world.workspace(acme, "Production");
    await world.workspace(acme, "Staging");
    const end = `${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)}T10:00`;
    const temporary = { workspaceId: production, expiresAt: new Date(end).toISOString() };
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER", [temporary]);
    const { page, ...window } = await open(acme, acme.owner, `?access=${dana.memberId}`);
    await page.getByLabel("Access to Production ends").press("Backspace");
    expect(await page.getByLabel("Access to Production ends").inputValue()).toBe("");
    await page.getByLabel("Access to Production", { exact: true }).selectOption("No access");
    await page.getByLabel("Access to Staging", { exact: true }).selectOption("Viewer");
    await page.getByRole("button", { name: "End the access to Staging at a time" }).click();
    await page.getByLabel("Access to Staging ends").fill(end);
    await page.getByText("adds 1, removes 1").waitFor();
    await page.getByRole("button", { name: "Save access" }).click();
    await page.getByText("The workspaces of Dana Kim are changed.").waitFor();
    const query =
      "query($id: ID!) { organization(id: $id) { members { nodes { role workspaceAccess { workspace { name } role expiresAt } } } } }";
    const { data } = await acme.owner.ask(query, { id: acme.id });
    const [access] = data.organization.members.nodes.filter(({ role }: { role: string }) => role === "DEVELOPER");
    expect(access.workspaceAccess).toEqual([
      { workspace: { name: "Staging" }, role: "VIEWER", expiresAt: new Date(end).toISOString() },
    ]);
    expect(window.faults).toEqual([]);
  });

  test("saving names changes by others and does not undo them", async () => {
    const acme = await world.organization("Merge");
    const [production, staging] = [await world.workspace(acme, "Production"), await world.workspace(acme, "Staging")];
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page } = await open(acme, acme.owner, `?access=${dana.memberId}`);
    await page.getByLabel("Access to Production", { exact: true }).selectOption("Admin");
    const input = { organizationId: acme.id, memberId: dana.memberId, workspaceId: staging };
    await run(acme.owner, "grantWorkspaceAccess", input, "access { role }");
    await page.getByText("Somebody else has changed these workspaces.").waitFor();
    await page.getByText("adds 1", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Save access" }).click();
    await page.getByText("2 of 3, 1 override").waitFor();
    expect(await runsIn(dana, acme)).toEqual(["Production", "Staging"]);
    expect(production).not.toBe(staging);
    // An override of the same rank is a change, too: it stays if the role changes.
    await page.getByRole("button", { name: "Workspaces of Dana Kim" }).click();
    await page.getByLabel("Access to Staging", { exact: true }).selectOption("Developer");
    await page.getByRole("button", { name: "Save access" }).click();
    await page.getByText("2 of 3, 2 overrides").waitFor();
  });

  test("for an Admin, the rule is shown instead of a grid, with overrides that have no effect", async () => {
    const acme = await world.organization("Rule");
    const production = await world.workspace(acme, "Production");
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER", [
      { workspaceId: production, roleOverride: "VIEWER" },
    ]);
    await world.setRole(acme, dana.memberId, "ADMIN");
    const { page, ...window } = await open(acme, acme.owner, `?access=${dana.memberId}`);
    const dialog = page.getByRole("dialog", { name: "Workspaces of Dana Kim" });
    await dialog.getByRole("status").waitFor();
    expect(await dialog.getByRole("combobox").count()).toBe(0);
    await dialog.getByText("Override Viewer, without effect now").waitFor();
    expect(window.faults).toEqual([]);
  });

  test("the roles page shows the matrix and the holders of each role, and warns of many Owners", async () => {
    const acme = await world.organization("Matrix");
    await world.member(acme, "Second Owner", "OWNER");
    await world.member(acme, "Third Owner", "OWNER");
    const window = await world.window(acme.owner, `/organizations/${acme.id}/roles`, { width: 320 });
    const { page } = window;
    await page.getByText("3 Owners: one or two is usual.").waitFor();
    expect(
      await page
        .getByRole("row", { name: /manage billing/ })
        .getByRole("cell")
        .allTextContents(),
    ).toEqual(["Yes", "No", "No", "No"]);
    expect(
      await page
        .getByRole("row", { name: /run operations/ })
        .getByRole("cell")
        .allTextContents(),
    ).toEqual(["Yes", "Yes", "Yes", "No"]);
    expect(await window.violations()).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
    await page.getByRole("link", { name: "Owner: 3 members" }).click();
    await page.waitForURL(/role=OWNER/);
    await page.getByRole("button", { name: "Role of Third Owner" }).waitFor();
  });

  test("an address opens the workspaces of a member on a later page, and people without access can be chosen", async () => {
    const acme = await world.organization("Later", { ownerName: "Olga Owner" });
    await fillWithMembers(world, acme, 120);
    const shared = await world.workspace(acme, "Shared");
    await world.sql(
      `INSERT INTO workspace_assignment (organization_id, workspace_id, member_id)
       SELECT m.organization_id, $2, m.id FROM member m
       WHERE m.organization_id = $1 AND m.role IN ('DEVELOPER', 'VIEWER') ORDER BY m.name_key COLLATE "C", m.id LIMIT 60`,
      ...[acme.id, shared],
    );
    const { data } = await acme.owner.ask(
      `query($id: ID!) { organization(id: $id) {
        all: members(first: 100) { nodes { id user { name } } }
        byName: members(first: 100, roles: [DEVELOPER, VIEWER], orderBy: NAME) { nodes { user { name } } } } }`,
      { id: acme.id },
    );
    const last = data.organization.all.nodes[99];
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/members?access=${last.id}`);
    await page.getByRole("dialog", { name: new RegExp(`${last.user.name}$`) }).waitFor();
    await page.goto(`/organizations/${acme.id}/workspaces/${shared}`);
    await page.getByRole("button", { name: "Add people" }).click();
    await page.getByRole("dialog").getByRole("combobox", { name: "Person" }).click();
    const free = data.organization.byName.nodes[60].user.name;
    await page.getByRole("option", { name: new RegExp(`^${free}\\b`) }).waitFor();
  });
});
