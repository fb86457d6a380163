import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, ConsoleWorld, run } from "../../support/console-world";

inBrowser("workspaces in the console", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  let alpha: string;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  beforeEach(async () => {
    acme = await world.organization("Acme", { ownerName: "Olga" });
    alpha = await world.workspace(acme, "Alpha");
  });
  afterEach(async () => {
    expect(await world.closeWindows()).toEqual([]);
  });
  afterAll(() => world?.stop());

  const list = () => `/organizations/${acme.id}/workspaces`;
  const one = (id = alpha) => `${list()}/${id}`;
  const update = (input: object) =>
    acme.owner.ask("mutation ($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { __typename } }", {
      input: { organizationId: acme.id, workspaceId: alpha, ...input },
    });

  test("a workspace is created on a fixed provider; a taken name is shown at its field; others see the workspace live", async () => {
    const watching = await world.window(acme.owner, list());
    await watching.page.getByText("2 of 30").waitFor();
    const { page } = await world.window(acme.owner, list());
    await page.getByRole("button", { name: "New workspace" }).click();
    await page.getByText("It cannot be changed later.").waitFor();
    await page.getByText("Google Cloud Platform").click();
    await page.getByLabel("Name").fill("Alpha");
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator("input[name=name][aria-invalid=true]:focus").waitFor();
    await page.getByLabel("Name").fill("Beta");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Beta" }).waitFor();
    await watching.page.getByRole("row", { name: /Beta.*GCP/ }).waitFor();
    await watching.page.getByText("3 of 30").waitFor();
  });

  test("the organizations page shows live what others do to workspaces, also in an organization that was just joined", async () => {
    const admin = await world.member(acme, "Adam", "ADMIN");
    const { page } = await world.window(admin, `/organizations?view=grid`);
    const section = page.getByRole("region", { name: "Acme", exact: true });
    const card = (name: string) => section.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });
    await card("Alpha").getByText("2 members").waitFor();
    const counts = Number(/(\d+) members,/.exec((await section.locator("header").textContent()) ?? "")?.[1]);
    await world.member(acme, "Eve", "VIEWER");
    await section.getByText(`${counts + 1} members,`).waitFor();
    const beta = await world.workspace(acme, "Beta");
    await card("Beta").getByText("2 members").waitFor();
    await update({ name: "Alpha 2" });
    await card("Alpha 2").waitFor();
    const input = { organizationId: acme.id, workspaceId: beta };
    await run(acme.owner, "deleteWorkspace", input, "workspaceId");
    await card("Beta").waitFor({ state: "detached" });
    const other = await world.organization("Other");
    const invitationId = await world.invite(other, admin.email, "ADMIN");
    await run(admin, "acceptInvitation", { invitationId }, "member { id }");
    const joined = page.getByRole("region", { name: "Other", exact: true });
    await joined.getByText("Default", { exact: true }).first().waitFor();
    await world.workspace(other, "Gamma");
    await joined.getByText("Gamma", { exact: true }).waitFor();
  });

  test("at the limit, the dialog says so and links to the plans", async () => {
    const small = await world.organization("Small", { ownerName: "Sara", plan: "STARTER" });
    const { page } = await world.window(small.owner, `/organizations/${small.id}/workspaces`);
    await page.getByText("1 of 1").waitFor();
    await page.getByRole("button", { name: "New workspace" }).click();
    await page.getByLabel("Name").fill("Beta");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("link", { name: "See the plans" }).click();
    await page.waitForURL(/\/subscription/);
  });

  test("when two people edit the same workspace, no typed or saved text is lost", async () => {
    const { page } = await world.window(acme.owner, one());
    await page.getByLabel("Name").fill("Mine");
    await update({ name: "Theirs", description: "New" });
    await page.getByText("Somebody changed the name meanwhile").waitFor();
    expect(await page.getByLabel("Name").inputValue()).toBe("Mine");
    expect(await page.getByLabel("Description").inputValue()).toBe("New");
    await page.getByRole("button", { name: "Use theirs" }).click();
    expect(await page.getByLabel("Name").inputValue()).toBe("Theirs");
    await page.getByLabel("Name").fill("Mine again");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("heading", { name: "Mine again" }).waitFor();
    const { data } = await acme.owner.ask(`{ workspace(id: "${alpha}") { name description } }`);
    expect(data.workspace).toEqual({ name: "Mine again", description: "New" });
  });

  test("Developers and Viewers can get access, get an override and lose access; each change can be undone", async () => {
    await world.member(acme, "Dana", "DEVELOPER");
    const window = await world.window(acme.owner, one());
    const { page } = window;
    await page.getByRole("button", { name: "Add people" }).click();
    const person = page.getByRole("combobox", { name: "Person" });
    await person.fill("olga");
    await page.getByText("Nothing matches your search.").waitFor();
    await person.fill("dan");
    await page.getByRole("option", { name: "Dana" }).click();
    await page.getByRole("button", { name: "Give access" }).click();
    const row = page.getByRole("row", { name: /Dana/ });
    await row.getByText("Assigned, with the organization role").waitFor();
    await page.getByRole("button", { name: /Role of Dana/ }).click();
    await page.getByRole("option", { name: "Viewer" }).click();
    await row.getByText("Assigned, with a role of its own").waitFor();
    await page.getByRole("button", { name: "Remove Dana from this workspace" }).click();
    await page.getByText("What will be recorded").waitFor();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Remove Olga from this workspace" }).and(page.locator(":focus")).waitFor();
    await page
      .getByText("Dana has no access")
      .locator("..")
      .locator("..")
      .getByRole("button", { name: "Undo" })
      .click();
    await row.getByText("Assigned, with a role of its own").waitFor();
    expect(await window.violations()).toEqual([]);
  });

  test("an Admin of only a workspace can manage its people, and sees no settings of the organization", async () => {
    const lead = await world.member(acme, "Lea", "DEVELOPER", [{ workspaceId: alpha, roleOverride: "ADMIN" }]);
    await world.member(acme, "Dana", "VIEWER");
    const { page } = await world.window(lead, one());
    await page.getByText("You are Admin here").waitFor();
    expect(await page.getByRole("button", { name: "Delete workspace" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: /Subscription|BYOK|Audit log|Access reviews/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Add people" }).click();
    await page.getByRole("combobox", { name: "Person" }).fill("dan");
    await page.getByRole("option", { name: "Dana" }).click();
    await page.getByRole("button", { name: "Give access" }).click();
    await page.getByRole("row", { name: /Dana/ }).waitFor();
    await page.getByLabel("Name").fill("Alpha 2");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("heading", { name: "Alpha 2" }).waitFor();
    const { page: every } = await world.window(lead, list());
    const create = every.getByRole("button", { name: "New workspace" });
    expect(await create.getAttribute("aria-disabled")).toBe("true");
  });

  test("the default workspace shows why it cannot be deleted; deleting another announces its effects and updates all windows", async () => {
    const viewer = await world.member(acme, "Vic", "VIEWER", [{ workspaceId: alpha }]);
    const watching = await world.window(viewer, one());
    await watching.page.getByText("You are Viewer here").waitFor();
    await watching.page.getByText("Admins of this workspace change its name").waitFor();
    const { page } = await world.window(acme.owner, list());
    await page.getByRole("link", { name: "Default" }).click();
    await page.getByText("The default workspace cannot be deleted. You can rename it instead.").waitFor();
    const remove = page.getByRole("button", { name: "Delete workspace" });
    expect(await remove.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("link", { name: "All workspaces" }).click();
    await page.getByRole("link", { name: "Alpha" }).click();
    await remove.click();
    await page.getByText("Workspace “Alpha” was deleted.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete workspace" }).click();
    await watching.page.getByRole("heading", { name: "“Alpha” is gone" }).waitFor();
    await watching.page.getByRole("link", { name: "All workspaces" }).click();
    await watching.page.getByText("No workspace is assigned to you").waitFor();
    await watching.page.goto(one(viewer.id));
    await watching.page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect(await watching.page.getByRole("main").count()).toBe(1);
  });
});
