import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, ConsoleWorld } from "../../support/console-world";

const WORKSPACES = 130;

inBrowser("an organization with many workspaces in the console", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    acme = await world.organization("Acme", { ownerName: "Bella Boss", plan: "ENTERPRISE" });
    await world.sql(
      `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'Team ' || n, 'team ' || n, 'GCP', false, now() + n * interval '1 second', now()
       FROM generate_series(1, $2::int) n`,
      acme.id,
      WORKSPACES,
    );
    const last = await world.workspace(acme, "Zeta");
    await world.member(acme, "Dana Kim", "DEVELOPER", [{ workspaceId: last }]);
    await world.member(acme, "Vera Low", "VIEWER");
  });
  afterAll(() => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("several members can get a workspace; members with access by their role stay selected with the reason", async () => {
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/members`);
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await page.getByRole("button", { name: "Give a workspace" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Workspace" }).fill("zet");
    await page.getByRole("option", { name: /Zeta/ }).click();
    await dialog.getByRole("button", { name: /Role in this workspace/ }).click();
    await page.getByRole("listbox").getByRole("option", { name: "Developer" }).click();
    await dialog.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("dialog", { name: "Give Zeta to 3 members as Developer?" }).waitFor();
    await dialog.getByRole("button", { name: "Give access" }).click();
    await dialog.getByText("2 of 3 done").waitFor();
    const refused = dialog.getByRole("listitem").filter({ hasText: "Bella Boss" });
    await refused.getByText("Refused").waitFor();
    await refused.getByText(/every workspace/i).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByText("1 selected").waitFor();
    await page
      .getByRole("row", { name: /Dana Kim/ })
      .getByText(`1 of ${WORKSPACES + 2}, 1 override`)
      .waitFor();
  });

  test("a review and a decision can use a workspace that a search finds", async () => {
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/reviews`);
    await page.getByRole("button", { name: "Start a review" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Zeta only");
    await dialog.getByRole("button", { name: "Show more workspaces" }).click();
    await dialog.getByRole("checkbox", { name: "Team 80", exact: true }).waitFor();
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).fill("zet");
    await dialog.getByRole("checkbox", { name: "Team 80", exact: true }).waitFor({ state: "detached" });
    await dialog.getByText("Zeta", { exact: true }).click();
    // Enter in the search does not submit the form.
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).press("Enter");
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).fill("team 130");
    await dialog.getByRole("checkbox", { name: "Team 130" }).waitFor();
    expect(await dialog.getByRole("checkbox", { name: "Zeta" }).isChecked()).toBe(true);
    await dialog.getByRole("button", { name: "Start a review" }).click();
    await page.getByRole("heading", { name: "Zeta only" }).waitFor();
    await page.getByRole("button", { name: "Change Dana Kim" }).click();
    await dialog.getByRole("searchbox", { name: "Search workspaces" }).fill("team 130");
    await dialog.getByRole("button", { name: /Access: Team 130/ }).click();
    await page.getByRole("listbox").getByRole("option", { name: "Admin" }).click();
    await dialog.getByRole("button", { name: /Access: Zeta/ }).waitFor();
    await dialog.getByRole("button", { name: "Decide to change" }).click();
    const row = page.getByRole("listitem", { name: "Dana Kim", exact: true });
    await row.getByText("Team 130 as Admin").waitFor();
  });
});
