import { inBrowser, type Window } from "../../support/browser";
import { type ConsoleOrganization, type ConsolePerson, ConsoleWorld, run } from "../../support/console-world";
import { tabTo } from "../../support/keyboard";

inBrowser("access reviews and the audit log in the console", () => {
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  let admin: ConsolePerson;
  beforeAll(async () => {
    world = await ConsoleWorld.start();
  });
  beforeEach(async () => {
    acme = await world.organization("Acme", { ownerName: "Olga" });
    const workspaceId = await world.workspace(acme, "Alpha");
    admin = await world.member(acme, "Adam", "ADMIN");
    await world.member(acme, "Dana", "DEVELOPER", [{ workspaceId }]);
    await world.member(acme, "Vera", "VIEWER");
  });
  afterEach(async () => {
    expect(await world.closeWindows()).toEqual([]);
  });
  afterAll(() => world?.stop());

  async function startReview(): Promise<string> {
    const { data } = await acme.owner.ask(
      `mutation ($o: ID!) { startAccessReview(input: { organizationId: $o, name: "Q1", dueAt: "2100-01-01T00:00:00Z" }) {
         ... on StartAccessReviewSuccess { review { id } } } }`,
      { o: acme.id },
    );
    return data.startAccessReview.review.id;
  }
  const openReview = async (person: ConsolePerson, reviewId: string) => {
    const window = await world.window(person, `/organizations/${acme.id}/reviews/${reviewId}`);
    await rowOf(window, "Vera").waitFor();
    return window;
  };
  const rowOf = ({ page }: Window, name: string) => page.getByRole("listitem", { name, exact: true });

  test("a review is decided by keyboard alone, findings first, and another reviewer sees each decision live", async () => {
    const reviewId = await startReview();
    const watching = await openReview(admin, reviewId);
    const deciding = await openReview(acme.owner, reviewId);
    const { keyboard } = deciding.page;
    await deciding.withoutMouse();
    const names = await deciding.page.getByRole("list").last().getByRole("listitem").allInnerTexts();
    expect(names.map((text) => text.split("\n")[0]?.split(" ")[0])).toEqual(["Vera", "Olga", "Adam", "Dana"]);
    expect(await rowOf(deciding, "Vera").getByText("Without a workspace").count()).toBe(1);
    await keyboard.press("ArrowDown");
    await keyboard.press("r");
    await rowOf(watching, "Vera").getByText("To remove").waitFor();
    await rowOf(watching, "Vera").getByText("by Olga").waitFor();
    // The focus moves to the next undecided person, and skips the reviewer's own row.
    await deciding.page.locator("li:focus").getByText("Adam").waitFor();
    await keyboard.press("k");
    await rowOf(watching, "Adam").getByText("To keep").waitFor();
    await keyboard.press("u");
    await rowOf(watching, "Adam").getByText("To keep").waitFor({ state: "detached" });
    await rowOf(deciding, "Adam").getByText("To keep").waitFor({ state: "detached" });
    await watching.page.getByText("1 of 4").waitFor();
    await deciding.page.getByRole("button", { name: "Complete", exact: true }).press("Enter");
    await deciding.page.getByText("Your own access stays as it is").waitFor();
    await deciding.page.getByText("Vera was removed").waitFor();
    await tabTo(deciding.page, "Complete and apply");
    await keyboard.press("Enter");
    await rowOf(deciding, "Vera").getByText("Changed", { exact: true }).waitFor();
    await rowOf(watching, "Vera").getByText("Changed", { exact: true }).waitFor();
    await rowOf(watching, "Dana").getByText("Kept", { exact: true }).waitFor();
    await watching.page.getByRole("button", { name: "Keep Dana" }).waitFor({ state: "detached" });
    expect(await watching.violations()).toEqual([]);
  });

  test("shortcuts do nothing in text fields, in dialogs or when switched off, and nobody can decide on themself", async () => {
    const { page } = await openReview(acme.owner, await startReview());
    expect(await page.getByRole("button", { name: "Keep Olga" }).count()).toBe(0);
    await page.getByText("Nobody decides on their own access.").waitFor();
    await page.getByRole("searchbox", { name: "Find a person" }).fill("k r u");
    await page.getByText("Nobody matches.").waitFor();
    await page.getByRole("searchbox", { name: "Find a person" }).fill("dan");
    await page.getByRole("button", { name: "Change Dana" }).click();
    await page.keyboard.press("k");
    await page.keyboard.press("Escape");
    await page.getByRole("checkbox", { name: "Keyboard shortcuts" }).uncheck();
    await page.keyboard.press("k");
    await page.getByText("0 of 4").waitFor();
    await page.getByRole("checkbox", { name: "Keyboard shortcuts" }).check();
    await page.keyboard.press("k");
    await page.getByText("1 of 4").waitFor();
  });

  test("a decision can change role and workspaces and have a note, and several members can be decided together", async () => {
    const window = await openReview(acme.owner, await startReview());
    const { page } = window;
    await page.getByRole("button", { name: "Change Vera" }).click();
    await page.getByRole("button", { name: /New role/ }).click();
    await page.getByRole("option", { name: "Developer" }).click();
    await page.getByRole("button", { name: /Access: Alpha/ }).click();
    await page.getByRole("option", { name: "Admin" }).click();
    await page.getByRole("textbox", { name: "Note" }).fill("Joins the team");
    await page.getByRole("button", { name: "Decide to change" }).click();
    const row = rowOf(window, "Vera");
    await row.getByText("becomes Developer; Alpha as Admin").waitFor();
    await row.getByText("Joins the team").waitFor();
    await page.getByRole("button", { name: "Select all 3 shown" }).click();
    await page.getByText("3 people selected").waitFor();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await row.getByText("To remove").waitFor();
    expect(await row.getByText("Joins the team").count()).toBe(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("1 of 4").waitFor();
  });

  test("the evidence can be downloaded, canceling applies nothing, and starting a second review links to the open one", async () => {
    const reviewId = await startReview();
    const list = await world.window(admin, `/organizations/${acme.id}/reviews`);
    await list.page.getByRole("button", { name: "Start a review" }).click();
    await list.page.getByLabel("Name").fill("Q2");
    await list.page.getByRole("dialog").getByRole("button", { name: "Start a review" }).click();
    await list.page.getByRole("link", { name: "See the open review" }).click();
    await list.page.getByRole("heading", { name: "Q1" }).waitFor();
    const [download] = await Promise.all([
      list.page.waitForEvent("download"),
      list.page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`access-review-${reviewId}.csv`);
    await list.page.getByRole("button", { name: "Cancel review" }).click();
    await list.page.getByRole("dialog").getByRole("button", { name: "Cancel review" }).click();
    await list.page.getByText("Canceled", { exact: true }).waitFor();
    const { data } = await acme.owner.ask(`{ organization(id: "${acme.id}") { members { totalCount } } }`);
    expect(data.organization.members.totalCount).toBe(4);
  });

  test("filters of the audit log are in the URL and survive reload and Back; the CSV has every line", async () => {
    const window = await world.window(acme.owner, `/organizations/${acme.id}/audit`);
    const { page } = window;
    await page.getByRole("button", { name: /What happened/ }).click();
    await page.getByRole("option", { name: "Members: everything" }).click();
    await page.getByText("4 entries").waitFor();
    await page.getByRole("combobox", { name: "Who" }).fill("dan");
    await page.getByRole("option", { name: "Dana" }).click();
    await page.getByText("1 entry").waitFor();
    expect(page.url()).toContain("member.joined");
    await page.reload();
    await page.getByText("1 entry").waitFor();
    expect(await page.getByRole("combobox", { name: "Who" }).inputValue()).toBe("Dana");
    await page.goBack();
    await page.getByText("4 entries").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByText("Workspace “Alpha” on AWS was created.").waitFor();
    const total = Number((await page.getByText(/^\d+ entries$/).textContent())?.split(" ")[0]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().split("\r\n");
    expect([lines.length, lines.some((line) => line.includes('"Alpha"'))]).toEqual([total + 2, true]);
    expect(await window.violations()).toEqual([]);
  });

  test("an Admin's new entries are counted, also of the plan, and shown on request; an entry shows its changes and its hash", async () => {
    const { page } = await world.window(admin, `/organizations/${acme.id}/audit`);
    await page.getByText("Workspace “Alpha” on AWS was created.").waitFor();
    const before = await page.getByRole("row").count();
    const yearly = { organizationId: acme.id, planCode: "ADVANCED", billingInterval: "ANNUAL" };
    await run(acme.owner, "changePlan", yearly, "subscription { id }");
    await page.getByRole("button", { name: "1 new entry" }).waitFor();
    await run(acme.owner, "updateOrganization", { organizationId: acme.id, name: "Acme 2" }, "organization { id }");
    await world.invite(acme, "ada@example.com", "VIEWER");
    const fresh = page.getByRole("button", { name: /new entries$/ });
    await fresh.waitFor();
    expect(await page.getByRole("row").count()).toBe(before);
    await fresh.click();
    const entry = page.getByRole("row", { name: /Organization updated/ });
    await entry.getByRole("button", { name: /^Details of entry/ }).click();
    await page.getByText("Namebefore:Acme→after:Acme 2").waitFor();
    await page.getByText(/^[0-9a-f]{64}$/).waitFor();
  });

  test("older entries of the audit log are loaded once each, and days of the viewer's time zone limit them", async () => {
    const rename = (name: string) =>
      acme.owner.ask(
        `mutation { updateOrganization(input: { organizationId: "${acme.id}", name: "${name}" }) { __typename } }`,
      );
    for (let index = 0; index < 60; index += 1) await rename(`Name ${index}`);
    await world.sql(
      "UPDATE organization_event SET occurred_at = occurred_at - interval '3 days' WHERE organization_id = $1 AND sequence <= 2",
      acme.id,
    );
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/audit`);
    const total = Number((await page.getByText(/^\d+ entries$/).textContent())?.split(" ")[0]);
    expect(await page.getByRole("row").count()).toBe(51);
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByRole("row").nth(total).waitFor();
    await page.getByRole("button", { name: "Load more" }).waitFor({ state: "detached" });
    const sequences = await page.locator("tbody tr td:first-child").allTextContents();
    expect(sequences.map(Number)).toEqual(Array.from({ length: total }, (_, index) => total - index));
    const day = (ago: number) =>
      page.evaluate((days) => {
        const date = new Date(Date.now() - days * 86_400_000);
        return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
      }, ago);
    await page.getByLabel("To", { exact: true }).fill(await day(2));
    await page.getByText("2 entries").waitFor();
    await page.getByLabel("From", { exact: true }).fill(await day(1));
    await page.getByLabel("From", { exact: true }).and(page.locator("[aria-invalid=true]")).waitFor();
    await page.getByLabel("To", { exact: true }).fill("");
    await page.getByText(`${total - 2} entries`).waitFor();
    expect(page.url()).toContain(`since=${await day(1)}`);
  });

  test("Developers and Viewers have links to neither page, and its URL shows the reason", async () => {
    const viewer = await world.member(acme, "Vic", "VIEWER");
    for (const path of ["audit", "reviews"]) {
      const { page } = await world.window(viewer, `/organizations/${acme.id}/${path}`);
      await page.getByText("Who can").waitFor();
      expect(await page.getByRole("link", { name: /Audit log|Access reviews/ }).count()).toBe(0);
    }
  });
});
