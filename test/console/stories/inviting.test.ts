import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, type ConsolePerson, ConsoleWorld, run } from "../../support/console-world";
import { tabTo } from "../../support/keyboard";

/** The text of a meter at its limit. */
const FULL = /^(\d+) of \1$/;

inBrowser("inviting people", () => {
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

  const addresses = (number: number, domain: string) =>
    Array.from({ length: number }, (_each, index) => `p${index + 1}@${domain}`);

  test("ten people are invited by keyboard alone; an Admin's window shows each once, and changes when one joins", async () => {
    const acme = await world.organization("Ten", { ownerName: "Olga Owner" });
    await world.workspace(acme, "Production");
    await world.workspace(acme, "Staging");
    const admin = await world.member(acme, "Adam Admin", "ADMIN");
    const ada = await world.person("Ada Lovelace");
    const [window, watching] = [await open(acme), await open(acme, admin, "?tab=invitations")];
    const [{ page }, { page: second }] = [window, watching];
    await second.getByText("No invitation is pending").waitFor();
    await window.withoutMouse();
    await watching.withoutMouse();
    await tabTo(page, "Invite members");
    await page.keyboard.press("Enter");
    await page.locator("textarea:focus").waitFor();
    await page.keyboard.insertText(
      `Ada <${ada.email}>, "Hopper, Grace" <g@ten.example.com>\n${addresses(8, "ten.example.com").join("; ")}`,
    );
    await tabTo(page, "Developer");
    await page.getByText("10 of 10").waitFor();
    await tabTo(page, "Access to Production");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "Access to Staging");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("meter", { name: "Seats after sending" }).waitFor();
    await tabTo(page, "Send invitations");
    const sendMails = world.service.mailer.hold();
    await page.keyboard.press("Enter");
    await page.getByText("10 people invited").waitFor();
    await second.getByRole("tab", { name: "Invitations 10" }).waitFor();
    await second
      .getByRole("row", { name: /Queued/ })
      .nth(9)
      .waitFor();
    sendMails();
    await second.getByRole("row", { name: /Sent/ }).nth(9).waitFor();
    await second
      .getByRole("row", { name: /g@ten.example.com.*Developer.*Production Staging as Admin.*Sent/ })
      .waitFor();
    expect(await second.getByRole("row").count()).toBe(11);
    const token = await world.service.tokenFor(ada.email);
    const joining = await world.window(ada, `/invitations/${token}`);
    await joining.page.getByRole("button", { name: "Accept" }).waitFor();
    await joining.withoutMouse();
    await tabTo(joining.page, "Accept");
    await joining.page.keyboard.press("Enter");
    await second.getByRole("tab", { name: "Invitations 9" }).waitFor();
    await second.getByRole("row", { name: new RegExp(ada.email) }).waitFor({ state: "detached" });
    expect(await second.getByRole("row").count()).toBe(10);
    await page
      .getByRole("row", { name: /Ada Lovelace/ })
      .getByText("2 of 3, 1 override")
      .waitFor();
    expect(await page.getByRole("row", { name: /Ada Lovelace/ }).count()).toBe(1);
    await tabTo(second, "Invitations");
    await second.keyboard.press("ArrowRight");
    await second.getByRole("row", { name: new RegExp(`${ada.email}.*Accepted`) }).waitFor();
  });

  test("the invite dialog says when it opens that an unpaid organization cannot invite", async () => {
    const acme = await world.organization("Unpaid");
    const pay = (status: string) =>
      world.sql("UPDATE organization_subscription SET status = $2 WHERE organization_id = $1", acme.id, status);
    await pay("PAST_DUE");
    const { page } = await open(acme, acme.owner, "?invite=true");
    const alert = page.getByRole("dialog").getByRole("alert").filter({ hasText: "payment" });
    await alert.getByRole("link").waitFor();
    await pay("ACTIVE");
    await page.reload();
    await page.getByLabel("E-mail addresses").waitFor();
    expect(await alert.count()).toBe(0);
  });

  test("each address has an outcome, and a person who is already invited can be sent a new mail from there", async () => {
    const acme = await world.organization("Outcomes");
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER");
    await world.invite(acme, "pending@out.example.com", "VIEWER");
    const { page } = await open(acme, acme.owner, "?invite=true");
    const good = addresses(6, "out.example.com");
    const text = [dana.email, "pending@out.example.com", good[0], "nonsense", ...good].join(",");
    await page.getByLabel("E-mail addresses").fill(text);
    await page.getByRole("button", { name: "Send invitations" }).click();
    await page.getByText("6 people invited").waitFor();
    const outcomes = page.getByRole("list", { name: "What became of each address" }).getByRole("listitem");
    const rowOf = (address: string) => outcomes.filter({ hasText: address });
    await rowOf(dana.email).getByText("Already a member").waitFor();
    await rowOf("nonsense").getByText("Not an address").waitFor();
    expect(await outcomes.filter({ hasText: "Entered twice" }).count()).toBe(1);
    expect(await outcomes.filter({ hasText: /^p\d@.*Invited$/ }).count()).toBe(6);
    await rowOf("pending").getByRole("button", { name: "Resend" }).click();
    await rowOf("pending")
      .getByRole("button", { name: "Send the invitation to pending@out.example.com again" })
      .waitFor();
    await rowOf(dana.email).getByRole("link", { name: "Show the member" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("checkbox", { name: "Select Outcomes Owner" }).waitFor({ state: "detached" });
    await page.getByRole("row", { name: /Dana Kim/ }).waitFor();
  });

  test("more than ten addresses are sent in batches; after a lost response, a retry causes no second invitation or mail", async () => {
    const acme = await world.organization("Batches");
    const { page, faults } = await open(acme, acme.owner, "?invite=true");
    let isCut = false;
    await page.route("**/graphql", async (route) => {
      if (isCut || !/InviteSend.*p11@batch/.test(route.request().postData() ?? "")) return route.continue();
      isCut = true;
      await route.fetch();
      await route.fulfill({ status: 499, body: "" });
    });
    const all = addresses(23, "batch.example.com");
    const csv = ["Name,E-mail", ...all.map((address) => `Person,${address}`)].join("\n");
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByText("23 addresses").waitFor();
    await page.getByText("They are sent in 3 batches of up to ten.").waitFor();
    await page.getByRole("button", { name: "Send invitations" }).click();
    await page.getByRole("alert").getByText("The connection broke before an answer came.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("23 people invited").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await page.getByRole("tab", { name: "Invitations 23" }).waitFor();
    for (const address of all) await world.service.tokenFor(address);
    expect(world.service.mailer.sent.filter(({ to }) => to.endsWith("@batch.example.com"))).toHaveLength(23);
    // The browser logs the failed request.
    faults.length = 0;
  });

  test("an Admin's open pages follow the plan: the seats in the invite dialog, and the room for workspaces", async () => {
    const acme = await world.organization("Growing", { plan: "STANDARD" });
    for (const name of ["Production", "Staging"]) await world.workspace(acme, name);
    const admin = await world.member(acme, "Ada Admin", "ADMIN");
    const change = (planCode: string) =>
      run(acme.owner, "changePlan", { organizationId: acme.id, planCode }, "subscription { id }");
    const { page } = await open(acme, admin, "?invite=true");
    const { page: organizations } = await world.window(admin, "/organizations?view=grid");
    const create = organizations
      .getByRole("region", { name: "Growing" })
      .getByRole("button", { name: "New workspace" });
    await page.getByLabel("E-mail addresses").fill(`${addresses(5, "grow.example.com").join(",")},`);
    await page.getByText("The plan has seats for 1 more person.").waitFor();
    await create.and(organizations.locator("[aria-disabled]")).waitFor();
    await change("ADVANCED");
    await page.getByText("7, unlimited").waitFor();
    await page.getByText("The plan has seats for").waitFor({ state: "detached" });
    await create.and(organizations.locator("[aria-disabled]")).waitFor({ state: "detached" });
    await change("STANDARD");
    await page.getByText("7 of 3").waitFor();
    await page.getByText("The plan has seats for 1 more person.").waitFor();
    await create.and(organizations.locator("[aria-disabled]")).waitFor();
  });

  test("without a free seat, the dialog says how many fit; the text stays during a visit to the plans, and can be sent", async () => {
    const acme = await world.organization("Full", { plan: "STARTER" });
    const { page } = await open(acme);
    await page.getByRole("button", { name: "Invite members" }).click();
    await page.getByLabel("E-mail addresses").fill("ada@full.example.com, grace@full.example.com");
    await page.getByRole("button", { name: "Send invitations" }).click();
    await page.getByRole("alert").getByText("The plan has no free seat.").waitFor();
    await page.getByRole("alert").getByRole("link", { name: "See the plans" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await run(acme.owner, "changePlan", { organizationId: acme.id, planCode: "ADVANCED" }, "subscription { id }");
    await page.goBack();
    await page.getByText("2 of 10").waitFor();
    await page.getByText("3, unlimited").waitFor();
    // The form may still be open: the other page appears once its code is loaded.
    await page.getByRole("button", { name: /^(Send invitations|Try again)$/ }).click();
    await page.getByText("2 people invited").waitFor();
    await page.getByRole("tab", { name: "Invitations 2" }).waitFor();
  });

  test("when an Owner and an Admin invite for the last seat, one succeeds; the other reads that there is none and sees the new meter", async () => {
    const acme = await world.organization("Race", { plan: "STANDARD" });
    const people = [acme.owner, await world.member(acme, "Ada Admin", "ADMIN")];
    const { data } = await acme.owner.ask("query($id: ID!) { organization(id: $id) { memberLimit { remaining } } }", {
      id: acme.id,
    });
    const free: number = data.organization.memberLimit.remaining;
    for (const address of addresses(free - 1, "race.example.com")) await world.invite(acme, address, "VIEWER");
    const windows = await Promise.all(people.map((person) => open(acme, person, "?invite=true")));
    for (const [index, { page }] of windows.entries()) {
      await page.getByLabel("E-mail addresses").fill(`last${index}@race.example.com,`);
      await page.getByText("1 of 10").waitFor();
    }
    await Promise.all(windows.map(({ page }) => page.getByRole("button", { name: "Send invitations" }).click()));
    const outcomes = windows.map(async ({ page }) => {
      const lost = page.getByRole("alert").getByText("The plan has no free seat.");
      await page.getByText("1 person invited").or(lost).first().waitFor();
      return { page, hasLost: (await lost.count()) > 0 };
    });
    const losers = (await Promise.all(outcomes)).filter(({ hasLost }) => hasLost);
    expect(losers).toHaveLength(1);
    for (const { page } of losers)
      await page.getByRole("meter", { name: "Seats", exact: true }).getByText(FULL).waitFor();
  });
});
