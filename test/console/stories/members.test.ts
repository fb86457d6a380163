import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, type ConsolePerson, ConsoleWorld, run } from "../../support/console-world";
import { focusedName, tabTo, tap } from "../../support/keyboard";
import { fillWithMembers } from "../../support/many-members";
import { holdAnswer, refuseOnce } from "../../support/routes";

inBrowser("the members page", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  async function open(organization: ConsoleOrganization, person: ConsolePerson = organization.owner, search = "") {
    const window = await world.window(person, `/organizations/${organization.id}/members${search}`);
    await window.page.getByRole("heading", { name: "Members" }).waitFor();
    return window;
  }

  async function eventsOf({ id, owner }: ConsoleOrganization, type: string) {
    const query =
      "query($id: ID!, $types: [String!]) { organization(id: $id) { auditLog(types: $types) { nodes { type } } } }";
    const { data } = await owner.ask(query, { id, types: [type] });
    return data.organization.auditLog.nodes.length as number;
  }

  test("a role is changed by keyboard but not by Escape, a second window shows it, Undo restores it, and the log has both", async () => {
    const acme = await world.organization("Acme");
    await world.member(acme, "Dana Kim", "DEVELOPER");
    const window = await open(acme);
    const { page } = window;
    const { page: second } = await open(acme);
    await second.getByRole("button", { name: "Role of Dana Kim" }).waitFor();
    await window.withoutMouse();
    for (const control of ["Select", "Role of", "Workspaces of", "Remove"]) await tabTo(page, `${control} Dana Kim`);
    for (const _step of ["Workspaces", "Role"]) await page.keyboard.press("Shift+Tab");
    expect(await focusedName(page)).toContain("Role of Dana Kim");
    await page.keyboard.press("v");
    await page.getByRole("option", { name: /^Viewer.*Loses: run operations/ }).waitFor();
    await page.getByRole("dialog", { name: "Role of Dana Kim" }).waitFor();
    expect(await eventsOf(acme, "member.role_changed")).toBe(0);
    await page.keyboard.press("Enter");
    await page.getByText("Dana Kim is Viewer now.").waitFor();
    await second.getByRole("button", { name: "Role of Dana Kim" }).getByText("Viewer").waitFor();
    await page.keyboard.press("F6");
    await tabTo(page, "Undo");
    await page.keyboard.press("Enter");
    await second.getByRole("button", { name: "Role of Dana Kim" }).getByText("Developer").waitFor();
    await page.getByRole("button", { name: "Role of Dana Kim" }).focus();
    await page.keyboard.press("v");
    await page.getByRole("option", { name: /^Viewer/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("option", { name: /^Viewer/ }).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Role of Dana Kim" }).getByText("Developer").waitFor();
    expect(await eventsOf(acme, "member.role_changed")).toBe(2);
  });

  test("an Admin can focus the option Owner and read its refusal, which equals the mutation's", async () => {
    const acme = await world.organization("Ranks", { ownerName: "Olga Owner" });
    const admin = await world.member(acme, "Adam Admin", "ADMIN");
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page } = await open(acme, admin);
    const role = page.getByRole("button", { name: "Role of Dana Kim" });
    await role.press("Enter");
    const owner = page.getByRole("option", { name: /^Owner/ });
    await page.locator("[role=option]:focus").waitFor();
    await page.keyboard.press("Home");
    await owner.and(page.locator(":focus")).waitFor();
    const input = { organizationId: acme.id, memberId: dana.memberId, role: "OWNER" };
    const refused = await run(admin, "changeMemberRole", input, "member { id }").catch((error: Error) => error.message);
    expect(await owner.textContent()).toContain(String(refused).replace("changeMemberRole: ", ""));
    await page.keyboard.press("Enter");
    await role.getByText("Developer").waitFor();
    await page.getByRole("button", { name: "Remove Olga Owner" }).press("Enter");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: "Role of Olga Owner" }).press("Enter");
    expect(await page.getByRole("option", { name: /^Admin/ }).textContent()).toContain("Owner");
    await page.getByRole("option", { name: /^Admin/ }).click();
    await page.getByRole("button", { name: "Role of Olga Owner" }).getByText("Owner").waitFor();
    expect(await eventsOf(acme, "member.role_changed")).toBe(0);
  });

  test("the last Owner reads why they cannot leave, makes another Owner, and can then continue", async () => {
    const acme = await world.organization("Lone", { ownerName: "Lara Last" });
    await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page } = await open(acme);
    await page.getByRole("button", { name: "Role of Lara Last" }).press("Enter");
    await page.getByRole("option", { name: /^Admin/ }).click();
    await page.getByRole("dialog", { name: "This is the last Owner" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Remove Lara Last" }).click();
    await page.getByRole("button", { name: "Make another Owner" }).click();
    await page.getByRole("option", { name: /Dana Kim/ }).click();
    await page.getByText("What will be recorded").waitFor();
    await page.getByRole("button", { name: "Make Owner" }).click();
    await page.getByRole("button", { name: "Role of Dana Kim" }).getByText("Owner").waitFor();
    await page.getByRole("button", { name: "Role of Lara Last" }).press("Enter");
    await page.getByRole("option", { name: /^Admin/ }).click();
    await page.getByRole("button", { name: "Role of Lara Last" }).getByText("Admin").waitFor();
  });

  test("removing announces its effects and moves the focus to the next row; Undo and the tab Removed reinstate", async () => {
    const acme = await world.organization("Trash");
    await world.member(acme, "Dana Kim", "DEVELOPER");
    const eve = await world.member(acme, "Eve Next", "VIEWER");
    const { page } = await open(acme);
    await page.getByRole("button", { name: "Remove Dana Kim" }).click();
    await page.getByText("Dana Kim was removed from the organization.").waitFor();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("button", { name: "Role of Dana Kim" }).waitFor({ state: "detached" });
    await page
      .locator(":focus")
      .and(page.getByRole("button", { name: "Remove Eve Next" }))
      .waitFor();
    await page.getByRole("tab", { name: "Active 2" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Role of Dana Kim" }).getByText("Developer").waitFor();
    await page.getByRole("tab", { name: "Active 3" }).waitFor();
    await run(acme.owner, "removeMember", { organizationId: acme.id, memberId: eve.memberId }, "memberId");
    await page.getByRole("tab", { name: "Removed" }).click();
    const removal = page.getByRole("row", { name: /Eve Next was removed/ });
    await removal.getByText(`by ${acme.owner.name}`).waitFor();
    // Dana Kim is back.
    await page.getByRole("row", { name: /Dana Kim/ }).waitFor({ state: "detached" });
    const { page: second } = await open(acme, acme.owner, "?tab=removed");
    await second.getByRole("row", { name: /Eve Next was removed/ }).waitFor();
    await removal.getByRole("button", { name: "Reinstate" }).click();
    await page.getByText("Eve Next is a member again.").waitFor();
    for (const each of [page, second]) await each.getByRole("heading", { name: "Nobody was removed" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Nobody was removed" }).waitFor();
  });

  test("several members are changed one by one; refused rows stay selected with the reason", async () => {
    const acme = await world.organization("Bulk", { ownerName: "Bella Boss" });
    await world.member(acme, "Dana Kim", "DEVELOPER");
    await world.member(acme, "Eve Next", "DEVELOPER");
    const { page } = await open(acme);
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await page.getByText("3 selected").waitFor();
    await page.getByLabel("Change role to").selectOption("Viewer");
    await page.getByRole("button", { name: "Change role" }).click();
    const dialog = page.getByRole("dialog", { name: "Make 3 members Viewer?" });
    await dialog.getByText("Dana Kim was Developer and is now Viewer.").waitFor();
    await dialog.getByText("The list says what will be recorded.").waitFor();
    const boss = dialog.getByRole("listitem").filter({ hasText: "Bella Boss" });
    await boss.getByText(/^An organization needs at least one Owner/).waitFor();
    await dialog.getByRole("button", { name: "Change role" }).click();
    await dialog.getByText("2 of 3 done").waitFor();
    expect(await boss.textContent()).toContain("Refused");
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByText("1 selected").waitFor();
    expect(await page.getByRole("checkbox", { name: "Select Bella Boss" }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Role of Eve Next" }).getByText("Viewer").waitFor();
  });

  test.each(["DEVELOPER", "VIEWER"])("a %s sees people and roles, but no controls to change them", async (role) => {
    const acme = await world.organization(`Seen by ${role}`);
    const member = await world.member(acme, "Mia Member", role);
    const { page } = await open(acme, member, "?tab=invitations&invite=true");
    await page.getByText("Mia Member").last().waitFor();
    expect(await page.getByRole("tab").allTextContents()).toEqual(["Active2"]);
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Role of/ }).count()).toBe(0);
    expect(await page.getByRole("checkbox").count()).toBe(0);
    const invite = page.getByRole("button", { name: "Invite members" });
    const reason = page.getByRole("tooltip").getByText("Your role does not allow this.");
    await invite.focus();
    await reason.waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("searchbox", { name: "Search members" }).focus();
    await reason.waitFor({ state: "detached" });
    await tap(invite);
    await reason.waitFor();
    await page.getByRole("log").getByText("Your role does not allow this.").waitFor();
    await tap(page.getByRole("heading", { name: "Members" }));
    await reason.waitFor({ state: "detached" });
    const columns = ["Person", "Role", "Workspaces", "Joined, invited by"];
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(columns);
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("a page that cannot be read says so and can be read again; no list is continued with the page of another", async () => {
    const acme = await world.organization("Pages");
    await fillWithMembers(world, acme, 150);
    const { page } = await open(acme);
    const next = page.getByRole("button", { name: "Next" });
    await refuseOnce(page, "MembersList", "after");
    await next.press("Enter");
    const alert = page.getByRole("alert").filter({ hasText: "The next entries could not be loaded" });
    await alert.getByText("The service is busy.").waitFor();
    await next.and(page.locator(":focus")).waitFor();
    await page.getByText("1–50 of 150").waitFor();
    await alert.getByRole("button", { name: "Try again" }).press("Enter");
    await page.getByText("51–100 of 150").waitFor();
    await alert.waitFor({ state: "detached" });
    await next.and(page.locator(":focus")).waitFor();
    await next.press("Enter");
    await page.getByText("101–150 of 150").waitFor();
    // The button is refused now, but still there.
    await next.and(page.locator(":focus[aria-disabled]")).waitFor();
    const { answer, asked } = await holdAnswer(page, "MembersList", "Member 1");
    await page.getByRole("searchbox", { name: "Search members" }).fill("Member 1");
    await asked;
    await next.and(page.locator("[aria-disabled]")).press("Enter");
    answer();
    await page.getByText("1–50 of 61").waitFor();
    expect(await page.getByRole("row").nth(1).textContent()).toContain("Member 10");
  });
});
