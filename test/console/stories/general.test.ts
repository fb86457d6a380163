import { inBrowser } from "../../support/browser";
import { ConsoleService, violationsInBothThemes } from "../../support/console-service";
import { tap } from "../../support/keyboard";
import { join, organization } from "../../support/live-organization";

inBrowser("the page General", () => {
  let console: ConsoleService;
  beforeAll(async () => {
    console = await ConsoleService.start();
  });
  afterAll(() => console?.stop());
  afterEach(async () => expect(await console.closeWindows()).toEqual([]));

  /** The window of an Owner, with an organization that has one more member. */
  async function owned(name: string) {
    const owner = await console.person(name);
    const id = await organization(owner);
    const other = await join(console.service, owner, id, "ADMIN", await console.person(`${name} Second`));
    const window = await console.windowOf(name, `/organizations/${id}/general`);
    await window.page.getByText(id).waitFor();
    return { owner, id, other, window, page: window.page };
  }

  test("a change by somebody else is shown next to the unsaved text, which stays", async () => {
    const { page, other, id, window } = await owned("Edith");
    const [name, description] = [page.getByLabel("Name"), page.getByLabel("Description")];
    await name.fill(" 👩‍🚀 e\u0301 ");
    await page.getByText("5 of 100 characters").waitFor();
    await name.fill("Mine");
    const update = `mutation($name: String, $description: String) {
      updateOrganization(input: { organizationId: "${id}", name: $name, description: $description }) { __typename } }`;
    await other.ask(update, { name: "Theirs", description: "New text" });
    await page.getByText("Somebody changed the name to “Theirs” meanwhile.").waitFor();
    expect(await name.inputValue()).toBe("Mine");
    expect(await description.inputValue()).toBe("New text");
    expect(await violationsInBothThemes(window)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const stored = await other.ask(`{ organization(id: "${id}") { name description } }`);
    expect(stored.data.organization).toEqual({ name: "Mine", description: "New text" });
    await name.fill("Again mine");
    await other.ask(update, { name: "Theirs again" });
    await page.getByRole("button", { name: "Take theirs" }).click();
    expect(await name.inputValue()).toBe("Theirs again");
    expect(await page.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
  });

  test("leaving the page does not lose unsaved text, and refused text stays", async () => {
    const { page } = await owned("Ulla");
    await page.getByLabel("Name").fill("x".repeat(101));
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByText(/at most 100 characters|up to 100 characters|100 characters/)
      .first()
      .waitFor();
    expect(await page.getByLabel("Name").inputValue()).toBe("x".repeat(101));
    await page.getByRole("link", { name: "Roles" }).click();
    await page.getByRole("button", { name: "Keep editing" }).click();
    expect(await page.getByLabel("Name").inputValue()).toBe("x".repeat(101));
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Save" }).and(page.locator(":focus")).waitFor();
    expect(await page.getByLabel("Name").inputValue()).toBe("Acme");
    await page.getByRole("link", { name: "Roles" }).click();
    await page.getByRole("heading", { name: "Roles" }).waitFor();
  });

  test("the last Owner can leave only after making another Owner", async () => {
    const { page, window, owner, other, id } = await owned("Lara");
    const give = (by: Pick<typeof owner, "ask">, memberId: string, role: string) =>
      by.ask("mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { __typename } }", {
        input: { organizationId: id, memberId, role },
      });
    const third = await join(console.service, owner, id, "VIEWER", await console.person("Lara Third"));
    const leave = page.getByRole("button", { name: "Leave the organization" });
    expect(await leave.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("button", { name: "Make another Owner" }).click();
    await page.getByRole("option", { name: /Lara Second/ }).click();
    await page.getByText("Lara Second becomes an Owner, with the same rights as you.").waitFor();
    await page.getByText("What will be recorded").waitFor();
    expect(await violationsInBothThemes(window)).toEqual([]);
    const confirm = page.getByRole("button", { name: "Make Owner" });
    // Without the role Owner, the viewer can make nobody an Owner: the dry run refuses, and so does the button.
    const me = (await owner.ask(`{ organization(id: "${id}") { viewerMember { id } } }`)).data.organization
      .viewerMember;
    await give(owner, third.memberId, "OWNER");
    await give(third, me.id, "ADMIN");
    const dialog = page.getByRole("dialog");
    const reason = /^Only an Owner may change an Owner/;
    await dialog.getByRole("alert").getByText(reason).waitFor();
    await tap(confirm);
    await page.getByRole("tooltip").getByText(reason).waitFor();
    await give(third, me.id, "OWNER");
    await give(owner, third.memberId, "VIEWER");
    await dialog.getByText("What will be recorded").waitFor();
    await confirm.click();
    await page.getByText("2 Owners have full control").waitFor();
    expect(await leave.getAttribute("aria-disabled")).toBeNull();
    await leave.click();
    const leaving = page.getByRole("dialog", { name: "Leave Acme?" });
    await leaving.getByText("What will be recorded").waitFor();
    await leaving.getByRole("button", { name: "Leave the organization" }).click();
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    await page.getByRole("option", { name: /Acme/ }).waitFor({ state: "detached" });
    const { data } = await other.ask(`{ organization(id: "${id}") { members { nodes { role } } } }`);
    expect(data.organization.members.nodes).toEqual([{ role: "OWNER" }, { role: "VIEWER" }]);
  });

  test("a transfer names both new roles, and removes the Owner's tabs immediately", async () => {
    const { page, other, id } = await owned("Trudy");
    await page.getByRole("button", { name: "Transfer ownership" }).click();
    await page.getByRole("searchbox", { name: "Search members" }).fill("second");
    await page.getByRole("option", { name: /Trudy Second/ }).click();
    await page.getByText("Trudy Second becomes an Owner. You become an Admin.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Transfer ownership" }).click();
    await page.getByRole("link", { name: "Subscription", exact: true }).waitFor({ state: "detached" });
    const transfer = page.getByRole("button", { name: "Transfer ownership" });
    expect(await transfer.getAttribute("aria-disabled")).toBe("true");
    const { data } = await other.ask(`{ organization(id: "${id}") { viewerMember { role } } }`);
    expect(data.organization.viewerMember.role).toBe("OWNER");
  });

  test("deleting requires the name, closes the organization for everybody, and can be undone in the list", async () => {
    const { page, window, id } = await owned("Dora");
    const second = await console.windowOf("Dora Second", `/organizations/${id}/general`);
    await second.page.getByText(id).waitFor();
    expect(await second.page.getByLabel("Name").getAttribute("readonly")).toBeNull();
    await page.getByRole("button", { name: "Delete the organization" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Acme?" });
    await dialog.getByText(/^2 members lose access to \d workspaces? at once\.$/).waitFor();
    const confirm = dialog.getByRole("button", { name: "Delete the organization" });
    await dialog.getByLabel("Type “Acme” to confirm").fill("acme");
    expect(await confirm.getAttribute("aria-disabled")).toBe("true");
    await dialog.getByLabel("Type “Acme” to confirm").fill("Acme");
    expect(await violationsInBothThemes(window)).toEqual([]);
    await confirm.click();
    await page.getByRole("heading", { name: "Organizations" }).waitFor();
    await second.page.getByRole("heading", { name: "Acme was deleted" }).waitFor();
    await page.getByRole("button", { name: "Restore Acme" }).click();
    await page.getByRole("option", { name: /Acme/ }).waitFor();
    await second.page.getByText(id).waitFor();
  });

  test("a Viewer sees the name, the description and who can change them", async () => {
    const { owner, id } = await owned("Vera");
    await join(console.service, owner, id, "VIEWER", await console.person("Vera Viewer"));
    const { page } = await console.windowOf("Vera Viewer", `/organizations/${id}/general`);
    await page.getByText("Owners and Admins can change this.").waitFor();
    expect(await page.getByLabel("Name").getAttribute("readonly")).not.toBeNull();
    for (const name of ["Transfer ownership", "Delete the organization"]) {
      expect(await page.getByRole("button", { name }).getAttribute("aria-disabled")).toBe("true");
    }
  });
});
