import { hasBrowser } from "../support/browser";
import { type ConsoleOrganization, ConsoleWorld } from "../support/console-world";

const inBrowser = hasBrowser ? describe : describe.skip;

inBrowser("the members page", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  const pathOf = ({ id }: ConsoleOrganization, search = "") => `/organizations/${id}/members${search}`;

  const eventsOf = async ({ id, owner }: ConsoleOrganization) => {
    const { data } = await owner.ask(
      "query($id: ID!) { organization(id: $id) { auditLog(first: 20) { nodes { type summary } } } }",
      { id },
    );
    return data.organization.auditLog.nodes as Array<{ type: string; summary: string }>;
  };

  test("a role is changed by keyboard, a second window follows, and Undo returns it; the log has both", async () => {
    const acme = await world.organization("Acme");
    await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page, violations } = await open(acme);
    const second = await world.window(acme.owner, pathOf(acme));
    await second.page.getByRole("button", { name: "Role of Dana Kim" }).waitFor();
    const role = page.getByRole("button", { name: "Role of Dana Kim" });
    await role.focus();
    await page.keyboard.press("v");
    await page.getByRole("option", { name: "Viewer" }).waitFor();
    expect(await eventsOf(acme)).not.toContainEqual(expect.objectContaining({ type: "member.role_changed" }));
    await page.keyboard.press("Enter");
    await page.getByText("Dana Kim is Viewer now.").waitFor();
    await second.page.getByRole("button", { name: "Role of Dana Kim" }).getByText("Viewer").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await second.page.getByRole("button", { name: "Role of Dana Kim" }).getByText("Developer").waitFor();
    const types = (await eventsOf(acme)).map(({ type }) => type);
    expect(types.filter((type) => type === "member.role_changed")).toHaveLength(2);
    expect(await violations()).toEqual([]);
  });

  async function open(organization: ConsoleOrganization, search = "") {
    const window = await world.window(organization.owner, pathOf(organization, search));
    await window.page.getByRole("heading", { name: "Members" }).waitFor();
    return { page: window.page, violations: () => window.violations() };
  }

  test("the last Owner is told why they stay, makes another Owner, and can go on at once", async () => {
    const acme = await world.organization("Lone", { ownerName: "Lara Last" });
    await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page } = await open(acme);
    await page.getByRole("button", { name: "Role of Lara Last" }).press("Enter");
    await page.getByRole("option", { name: "Admin" }).click();
    await page.getByRole("dialog", { name: "This is the last Owner" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Remove Lara Last" }).click();
    await page.getByRole("button", { name: "Make another Owner" }).click();
    await page.getByRole("button", { name: "Make Dana Kim an Owner" }).click();
    await page.getByText("What will happen").waitFor();
    await page.getByRole("button", { name: "Make Dana Kim an Owner" }).click();
    await page.getByRole("button", { name: "Role of Dana Kim" }).getByText("Owner").waitFor();
    await page.getByRole("button", { name: "Role of Lara Last" }).press("Enter");
    await page.getByRole("option", { name: "Admin" }).click();
    await page.getByRole("button", { name: "Role of Lara Last" }).getByText("Admin").waitFor();
  });
});
