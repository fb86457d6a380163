import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, ConsoleWorld, run } from "../../support/console-world";
import { holdAnswer } from "../../support/routes";

inBrowser("decisions and confirmations that others overtake", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    acme = await world.organization("Acme", { ownerName: "Olga Owner" });
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  const open = (path: string) => world.window(acme.owner, `/organizations/${acme.id}/${path}`);

  test("Undo in a review leaves the decision that another reviewer has made since, and says so", async () => {
    await world.member(acme, "Dana Lee", "DEVELOPER");
    await world.member(acme, "Eve Lee", "VIEWER");
    const admin = await world.member(acme, "Una Admin", "ADMIN");
    const review = await world.review(acme);
    const { page: mine } = await open(`reviews/${review.id}`);
    const { page: theirs } = await world.window(admin, `/organizations/${acme.id}/reviews/${review.id}`);
    const rowIn = (page: typeof mine, name: string) => page.getByRole("listitem", { name, exact: true });
    for (const name of ["Dana Lee", "Eve Lee"]) await mine.getByRole("checkbox", { name: `Select ${name}` }).check();
    await mine.getByRole("button", { name: "Keep", exact: true }).click();
    await rowIn(theirs, "Dana Lee").getByText("To keep").waitFor();
    await theirs.getByRole("button", { name: "Remove Dana Lee" }).click();
    await rowIn(mine, "Dana Lee").getByText("To remove").waitFor();
    await mine.getByRole("button", { name: "Undo", exact: true }).click();
    const overtaken = "Una Admin has decided on Dana Lee since then. That decision stays.";
    await mine.getByRole("alert").getByText(overtaken).waitFor();
    await rowIn(mine, "Eve Lee").getByText("To keep").waitFor({ state: "detached" });
    await rowIn(mine, "Dana Lee").getByText("To remove").waitFor();
    // Before the news has arrived, the service says it.
    await mine.getByRole("button", { name: "Keep Dana Lee" }).click();
    await rowIn(mine, "Dana Lee").getByText("To keep").waitFor();
    const decisions = [{ itemId: review.items.get("Dana Lee"), decision: "REMOVE" }];
    const removal = { organizationId: acme.id, reviewId: review.id, decisions };
    await mine.route("**/graphql", async (route) => {
      const isUndo = route.request().postData()?.includes("expected") ?? false;
      if (isUndo) await run(admin, "decideAccessReview", removal, "review { id }");
      await route.continue();
    });
    await mine.getByRole("button", { name: "Undo", exact: true }).click();
    await mine.getByText("Somebody else has decided on Dana Lee since then.").waitFor();
    await rowIn(mine, "Dana Lee").getByText("To remove").waitFor();
  });

  test("a confirmation shows what others change meanwhile, before it is given", async () => {
    const production = await world.workspace(acme, "Production");
    const finn = await world.member(acme, "Finn Lee", "DEVELOPER", [{ workspaceId: production }]);
    const { page } = await open("members?q=Finn");
    await page.getByRole("button", { name: "Remove Finn Lee" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "What will be recorded" }).waitFor();
    const notice = dialog.getByText("The organization has changed since you opened this.");
    expect(await notice.count()).toBe(0);
    const staging = await world.workspace(acme, "Staging");
    const input = { organizationId: acme.id, workspaceId: staging, memberId: finn.memberId };
    await run(acme.owner, "grantWorkspaceAccess", input, "access { role }");
    await dialog
      .getByText(/Staging/)
      .first()
      .waitFor();
    await notice.waitFor();
    const { workspaceId: _, ...member } = input;
    await run(acme.owner, "removeMember", member, "memberId");
    await dialog.getByText("There is no such member, or you have no access to it.").waitFor();
    expect(await notice.count()).toBe(1);
    const remove = dialog.getByRole("button", { name: "Remove", exact: true });
    await remove.and(page.locator("[aria-disabled]")).waitFor();
  });

  test("a change of many says whom others have removed before its effects are read", async () => {
    const gina = await world.member(acme, "Gina Gone", "VIEWER");
    await world.member(acme, "Hugo Here", "VIEWER");
    const { page } = await open("members");
    for (const name of ["Gina Gone", "Hugo Here"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    const { asked, answer } = await holdAnswer(page, "DryRun");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await asked;
    await run(acme.owner, "removeMember", { organizationId: acme.id, memberId: gina.memberId }, "memberId");
    answer();
    const row = (name: string) => page.getByRole("dialog").getByRole("listitem").filter({ hasText: name });
    await row("Gina Gone").getByText("There is no such member, or you have no access to it.").waitFor();
    await row("Hugo Here").getByText("Hugo Here was removed from the organization.").waitFor();
  });

  test("a late answer neither closes a dialog that was opened since, nor leads away from another page", async () => {
    const late = await world.organization("Late");
    for (const name of ["Dana Kim", "Eve Next", "Otto Other"]) await world.member(late, name, "OWNER");
    const { page } = await world.window(late.owner, `/organizations/${late.id}/members`);
    const removal = await holdAnswer(page, "MembersRemove");
    await page.getByRole("button", { name: "Remove Dana Kim" }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await removal.asked;
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Remove Eve Next" }).click();
    removal.answer();
    await page.getByText("Dana Kim was removed.").waitFor();
    expect(await page.getByRole("dialog", { name: /Eve Next/ }).count()).toBe(1);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "General" }).click();
    await page.getByRole("button", { name: "Leave the organization" }).click();
    const leaving = await holdAnswer(page, "GeneralLeave");
    await page.getByRole("dialog").getByRole("button", { name: "Leave the organization" }).click();
    await leaving.asked;
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Roles" }).click();
    leaving.answer();
    await page.getByText("You left Late.").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/organizations/${late.id}/roles`);
  });
});
