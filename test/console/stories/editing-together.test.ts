import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, ConsoleWorld, run } from "../../support/console-world";
import { holdAnswer, refuseOnce } from "../../support/routes";

inBrowser("people who edit the same thing, and saves and reads that fail", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  beforeEach(async () => {
    acme = await world.organization("Acme", { ownerName: "Olga Owner" });
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  const open = (path: string) => world.window(acme.owner, `/organizations/${acme.id}/${path}`);

  test("an invitation that somebody else changes shows both changes, and stays open when it is answered", async () => {
    const production = await world.workspace(acme, "Production");
    const ada = await world.person("Ada Invited");
    const invitationId = await world.invite(acme, ada.email, "DEVELOPER", [{ workspaceId: production }]);
    const { page } = await open("members?tab=invitations");
    await page.getByRole("button", { name: `Edit the invitation to ${ada.email}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Access to Production", { exact: true }).selectOption("Admin");
    const input = { organizationId: acme.id, invitationId };
    await run(acme.owner, "updateInvitation", { ...input, role: "VIEWER" }, "invitation { id }");
    await dialog.getByText("Somebody else has changed this invitation.").waitFor();
    expect(await dialog.getByRole("radio", { name: "Viewer" }).isChecked()).toBe(true);
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("row", { name: /Viewer.*Production as Admin/ }).waitFor();
    await page.getByRole("button", { name: `Edit the invitation to ${ada.email}` }).click();
    await run(ada, "acceptInvitation", { invitationId }, "member { id }");
    await dialog.getByText("This invitation is not pending any more: Accepted.").waitFor();
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await dialog.getByRole("alert").waitFor();
  });

  test("a new link stays on the page until it is closed, also if somebody cancels the invitation", async () => {
    const invitationId = await world.invite(acme, "ada@link.example.com", "VIEWER");
    const { page } = await open("members?tab=invitations");
    await page.getByRole("button", { name: "Make a new link for ada@link.example.com" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Make a new link" }).click();
    await dialog.getByLabel("Link", { exact: true }).waitFor();
    await run(acme.owner, "cancelInvitation", { organizationId: acme.id, invitationId }, "invitation { id }");
    await page.getByText("No invitation is pending").waitFor();
    expect(await dialog.getByLabel("Link", { exact: true }).inputValue()).toContain("/invitations/");
  });

  test("the access of a member who is removed meanwhile stays open, and saving says so", async () => {
    await world.workspace(acme, "Production");
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page } = await open(`members?access=${dana.memberId}`);
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Access to Production", { exact: true }).selectOption("Admin");
    await run(acme.owner, "removeMember", { organizationId: acme.id, memberId: dana.memberId }, "memberId");
    await page.getByText("Only you are here").waitFor();
    await dialog.getByRole("button", { name: "Save access" }).click();
    await dialog.getByRole("alert").waitFor();
  });

  test("a note does not take back the decision of another reviewer, and a change says that there is one", async () => {
    await world.member(acme, "Dana Kim", "DEVELOPER");
    const review = await world.review(acme);
    const itemId = review.items.get("Dana Kim");
    const admin = await world.member(acme, "Adam Admin", "ADMIN");
    const decide = (decision: string, note: string | null = null) =>
      run(
        admin,
        "decideAccessReview",
        { organizationId: acme.id, reviewId: review.id, decisions: [{ itemId, decision, note }] },
        "review { id }",
      );
    await decide("KEEP");
    const { page } = await open(`reviews/${review.id}`);
    const row = page.getByRole("listitem", { name: "Dana Kim", exact: true });
    const dialog = page.getByRole("dialog");
    await row.getByRole("button", { name: "Note on Dana Kim" }).click();
    await dialog.getByLabel("Note").fill("Mine");
    await decide("REMOVE", "Theirs");
    await dialog.getByText("Adam Admin has changed the decision meanwhile: To remove.").waitFor();
    await dialog.getByText("Somebody changed the note meanwhile.").waitFor();
    await dialog.getByRole("button", { name: "Save note" }).click();
    await row.getByText("Mine").waitFor();
    await row.getByText("To remove").waitFor();
    await row.getByRole("button", { name: "Change Dana Kim" }).click();
    await decide("KEEP");
    await dialog.getByText("Adam Admin has changed the decision meanwhile: To keep.").waitFor();
  });

  test("a new end of access keeps the role that somebody else gives meanwhile", async () => {
    const workspaceId = await world.workspace(acme, "Production");
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER", [{ workspaceId }]);
    const { page } = await open(`workspaces/${workspaceId}`);
    await page.getByRole("button", { name: /^Set when Dana Kim/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Access ends").fill(`${new Date().getUTCFullYear() + 1}-01-01T10:00`);
    const input = { organizationId: acme.id, workspaceId, memberId: dana.memberId, roleOverride: "VIEWER" };
    await run(acme.owner, "grantWorkspaceAccess", input, "access { role }");
    const row = page.locator("tr", { hasText: "Dana Kim" });
    await row.getByText("Assigned, with a role of its own").waitFor();
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await dialog.waitFor({ state: "detached" });
    await row.getByText("Assigned, with a role of its own").waitFor();
    await row.getByRole("time").waitFor();
    await page.getByRole("button", { name: /^Set when Dana Kim/ }).click();
    const { organizationId, memberId } = input;
    await run(acme.owner, "revokeWorkspaceAccess", { organizationId, workspaceId, memberId }, "member { id }");
    await dialog.getByText("Dana Kim is no longer in the list of people with access.").waitFor();
    await dialog.getByLabel("Access ends").press("Enter");
    await dialog.getByRole("button", { name: "Save changes" }).and(page.locator("[aria-disabled]")).waitFor();
  });

  test("text that is typed during a save stays, and leaving the page asks about it", async () => {
    const workspaceId = await world.workspace(acme, "Production");
    for (const [path, button] of [
      ["general", "Save"],
      [`workspaces/${workspaceId}`, "Save changes"],
    ] as const) {
      const { page } = await open(path);
      const { asked, answer } = await holdAnswer(page, path === "general" ? "GeneralUpdate" : "WorkspaceUpdate");
      await page.getByLabel("Name").fill("First");
      await page.getByRole("button", { name: button, exact: true }).click();
      await asked;
      await page.getByLabel("Name").fill("First and second");
      answer();
      await page.getByText(/^Saved\.?$/).waitFor();
      expect(await page.getByLabel("Name").inputValue()).toBe("First and second");
      expect(await page.getByText("meanwhile").count()).toBe(0);
      await page.getByRole("link", { name: "Roles" }).click();
      await page.getByRole("button", { name: "Keep editing" }).click();
      expect(await page.getByLabel("Name").inputValue()).toBe("First and second");
    }
  });

  test("a press beside a dialog does not lose what was typed, and a save that fails after Escape is reported", async () => {
    const { page } = await open("workspaces");
    await page.getByRole("button", { name: "New workspace" }).click();
    const dialog = page.getByRole("dialog");
    await page.mouse.click(5, 400);
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "New workspace" }).click();
    await dialog.getByLabel("Name").fill("Production");
    await page.mouse.click(5, 400);
    expect(await dialog.getByLabel("Name").inputValue()).toBe("Production");
    await refuseOnce(page, "WorkspacesCreate");
    const { asked, answer } = await holdAnswer(page, "WorkspacesCreate");
    await dialog.getByRole("button", { name: "Create" }).click();
    await asked;
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    answer();
    await page.getByText("A change that you sent was not made. The service is busy.").waitFor();
  });

  test("lists in dialogs and pickers that cannot be read say so, and can be read again", async () => {
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER");
    const { page } = await open("general");
    const dialog = page.getByRole("dialog");
    const tryAgain = dialog.getByRole("alert").getByRole("button", { name: "Try again" });
    await refuseOnce(page, "OwnershipMembers");
    await page.getByRole("button", { name: "Transfer ownership" }).click();
    await tryAgain.click();
    await dialog.getByRole("option", { name: /Dana Kim/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.goto(`/organizations/${acme.id}/members`);
    // The list reads the roles, too.
    for (const operation of ["AccessWorkspaces", "MembersRoles", "MembersRoles"]) {
      await refuseOnce(page, operation);
    }
    await page.goto(`/organizations/${acme.id}/members?access=${dana.memberId}`);
    await tryAgain.first().click();
    await tryAgain.first().click();
    await dialog.getByLabel("Access to Default", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    // What the dialog has read, the list has, too.
    expect(await page.getByRole("main").getByRole("alert").count()).toBe(0);
    await page.goto(`/organizations/${acme.id}/audit`);
    await refuseOnce(page, "MemberPicker", "dan");
    await page.getByRole("combobox", { name: "Who" }).fill("dan");
    await page.getByRole("listbox").getByText("This could not be loaded").waitFor();
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("combobox", { name: "Who" }).fill("dan");
    await page.getByRole("option", { name: /Dana Kim/ }).waitFor();
  });

  test("a page of workspaces that cannot be read says so, and a search does not continue the list before it", async () => {
    await world.sql(
      `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'Team ' || n, 'team ' || n, 'GCP', false, now() + n * interval '1 second', now()
       FROM generate_series(1, 119) n`,
      acme.id,
    );
    const { page } = await open("workspaces");
    const next = page.getByRole("button", { name: "Next" });
    await refuseOnce(page, "WorkspacesPage", '"after":"');
    await next.press("Enter");
    const alert = page.getByRole("alert").filter({ hasText: "The next entries could not be loaded" });
    await page.getByText("1–50 of 120").waitFor();
    await next.press("Enter");
    await page.getByText("51–100 of 120").waitFor();
    await alert.waitFor({ state: "detached" });
    await next.and(page.locator(":focus")).waitFor();
    const { asked, answer } = await holdAnswer(page, "WorkspacesPage", "team 11");
    await page.getByRole("searchbox", { name: "Search workspaces" }).fill("team 11");
    await asked;
    await next.and(page.locator("[aria-disabled]")).press("Enter");
    answer();
    await next.waitFor({ state: "detached" });
    expect(await page.getByRole("row").count()).toBe(12);
  });
});
