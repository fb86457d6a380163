import { BilledConsole } from "../../support/billed-console";
import { inBrowser } from "../../support/browser";
import { type ConsoleOrganization, run } from "../../support/console-world";

const CHECKOUT = "https://checkout.example/";
const PORTAL = "https://portal.example/";

inBrowser("the subscription page", () => {
  let billed: BilledConsole;
  beforeAll(async () => {
    billed = await BilledConsole.start();
  });
  afterAll(async () => billed?.stop());
  afterEach(async () => {
    billed.stripe.declines = false;
    expect(await billed.world.closeWindows()).toEqual([]);
  });

  async function open(organization: ConsoleOrganization, options = {}) {
    const path = `/organizations/${organization.id}/subscription`;
    const window = await billed.world.window(organization.owner, path, options);
    await window.page.getByRole("heading", { name: "Usage", exact: true }).waitFor();
    return window;
  }

  test("a downgrade lists with links what exceeds its limits; once it fits, it can be scheduled and undone", async () => {
    const acme = await billed.subscribed("Acme", "ADVANCED");
    const members = [];
    for (const name of ["Ada", "Ben", "Cleo", "Dan"]) members.push(await billed.world.member(acme, name, "DEVELOPER"));
    const { page } = await open(acme);
    const standard = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Standard" }) });
    await standard.getByText("2 members or invitations too many").waitFor();
    await standard.getByRole("button", { name: "Change to Standard" }).press("Enter");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await standard.getByRole("link", { name: "Members" }).click();
    await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
    for (const { memberId } of members.slice(0, 2)) {
      await run(acme.owner, "removeMember", { organizationId: acme.id, memberId }, "memberId");
    }
    await page.goBack();
    await standard.getByRole("button", { name: "Change to Standard" }).click();
    const dialog = page.getByRole("dialog", { name: "Change to Standard, billed monthly?" });
    await dialog.getByText("The plan changes to Standard, billed monthly, when the period ends.").waitFor();
    expect(await dialog.getByText("Due now").locator("..").textContent()).toContain("Nothing");
    expect(await dialog.textContent()).toContain("$59");
    await dialog.getByRole("button", { name: "Change to Standard" }).click();
    await page.getByText(/^On .* the plan changes to Standard, billed monthly\.$/).waitFor();
    await page.getByRole("button", { name: "Keep Advanced" }).click();
    await standard.getByRole("button", { name: "Change to Standard" }).waitFor();
    await page.getByRole("button", { name: "Keep Advanced" }).waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Advanced", level: 2 }).and(page.locator(":focus")).waitFor();
  });

  test("an Admin has no tab for the subscription, and its URL shows who can open it", async () => {
    const acme = await billed.world.organization("Gated", { plan: "STARTER", ownerName: "Olga Owner" });
    await billed.world.service.app.services.database.dataSource.query(
      "UPDATE organization_subscription SET plan_code = 'ADVANCED' WHERE organization_id = $1",
      [acme.id],
    );
    const admin = await billed.world.member(acme, "Adam Admin", "ADMIN");
    const { page } = await billed.world.window(admin, `/organizations/${acme.id}/subscription`);
    await page.getByText("Olga Owner").waitFor();
    expect(await page.getByRole("link", { name: "Subscription" }).count()).toBe(0);
    expect(await page.getByRole("heading", { name: "Usage" }).count()).toBe(0);
  });

  test("after a payment, the page waits until the webhook changes the plan", async () => {
    const acme = await billed.world.organization("Payer", { plan: "STARTER" });
    const window = await open(acme);
    const { page } = window;
    await window.expectPage(CHECKOUT, "Pay here");
    await page.getByRole("button", { name: "Upgrade to Standard" }).click();
    const dialog = page.getByRole("dialog", { name: "Change to Standard, billed monthly?" });
    expect(await dialog.getByText("Due now").locator("..").textContent()).toBe("Due now$59");
    await dialog.getByRole("button", { name: "Go to payment" }).click();
    await page.getByRole("heading", { name: "Pay here" }).waitFor();
    const { customer } = billed.stripe.pay(page.url());
    const { parameters } = billed.stripe.calls.findLast(({ call }) => call === "POST /v1/checkout/sessions") ?? {};
    expect(parameters?.cancel_url).toMatch(/\/subscription$/);
    expect(parameters?.success_url).toBe(`${parameters?.cancel_url}?paid=STANDARD&cycle=MONTHLY`);
    await page.goto(new URL(parameters?.success_url ?? "").pathname + new URL(parameters?.success_url ?? "").search);
    await page.getByRole("status", { name: "Waiting for the payment" }).waitFor();
    await page.getByRole("heading", { name: "Starter", level: 2 }).waitFor();
    await billed.notify(customer);
    await page.getByRole("heading", { name: "Standard", level: 2 }).waitFor();
    await page.getByText("The plan is now Standard.").waitFor();
    await page.getByRole("status", { name: "Waiting for the payment" }).waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("row", { name: /Paid.*\$59/ }).waitFor();
  });

  test("a person who did not pay can stop waiting, and an unknown plan does not wait", async () => {
    const acme = await billed.world.organization("Quitter", { plan: "STARTER" });
    const path = `/organizations/${acme.id}/subscription`;
    const { page } = await billed.world.window(acme.owner, `${path}?paid=STANDARD&cycle=ANNUAL`);
    await page.getByRole("button", { name: "I did not pay" }).click();
    await page.getByRole("status", { name: "Waiting for the payment" }).waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("");
    await page.goto(`${path}?paid=NOTHING`);
    await page.waitForURL((url) => url.search === "");
    expect(await page.getByRole("status", { name: "Waiting for the payment" }).count()).toBe(0);
  });

  test("the dialog shows a declined card, with a link to the portal", async () => {
    const acme = await billed.subscribed("Declined", "STANDARD");
    const window = await open(acme);
    const { page } = window;
    await window.expectPage(PORTAL, "Portal");
    billed.stripe.declines = true;
    await page.getByRole("button", { name: "Upgrade to Advanced" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Due now").waitFor();
    await dialog.getByRole("button", { name: "Upgrade to Advanced" }).click();
    await dialog.getByText(/The card on file was declined/).waitFor();
    await dialog.getByRole("button", { name: "Change the card in the billing portal" }).click();
    await page.getByRole("heading", { name: "Portal" }).waitFor();
    expect(await billed.planOf(acme)).toBe("STANDARD");
  });

  test("a change to annual billing takes effect at once with its price shown before, and to monthly when the year ends", async () => {
    const acme = await billed.subscribed("Yearly", "STANDARD");
    const { page } = await open(acme);
    await page.getByText("$59 per month").first().waitFor();
    await page.getByText("Annually", { exact: true }).click();
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Standard", level: 3 }) });
    await card.getByText(/per year/).waitFor();
    await card.getByRole("button", { name: "Bill annually" }).click();
    const annual = page.getByRole("dialog", { name: "Change to annual billing?" });
    expect(await annual.getByText("Takes effect").locator("..").textContent()).toContain("At once");
    expect(await annual.getByText("Due now").locator("..").textContent()).toMatch(/\$\d/);
    await annual.getByText("The Standard plan is now billed annually.").waitFor();
    await annual.getByRole("button", { name: "Bill annually" }).click();
    await annual.waitFor({ state: "detached" });
    await page.getByText("Annually", { exact: true }).first().waitFor();
    await page.getByText("Monthly", { exact: true }).last().click();
    await card.getByRole("button", { name: "Bill monthly" }).click();
    const monthly = page.getByRole("dialog", { name: "Change to monthly billing?" });
    expect(await monthly.getByText("Due now").locator("..").textContent()).toContain("Nothing");
    await monthly.getByText("The Standard plan is billed monthly once the period ends.").waitFor();
    await monthly.getByRole("button", { name: "Bill monthly" }).click();
    await page
      .getByText(/^From .* the plan is billed monthly\.$/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Keep annual billing" }).click();
    await page.getByText("The plan stays billed annually.").waitFor();
  });

  test("an open payment is shown above everything, with a link to settle it", async () => {
    const acme = await billed.subscribed("Late", "STANDARD");
    const window = await open(acme);
    const { page } = window;
    await window.expectPage(PORTAL, "Portal");
    billed.stripe.change(acme.subscription, { status: "past_due" });
    await billed.notify(acme.customer);
    await page.getByRole("region", { name: "A payment failed" }).waitFor();
    expect(await window.violations()).toEqual([]);
    await page.getByRole("button", { name: "Settle the payment" }).click();
    await page.getByRole("heading", { name: "Portal" }).waitFor();
  });

  test("without a seat, the invite dialog links to the plans; after the payment it still has the text and can send", async () => {
    const acme = await billed.world.organization("Grower", { plan: "STARTER" });
    const window = await billed.world.window(acme.owner, `/organizations/${acme.id}/members?invite=true`);
    const { page } = window;
    await window.expectPage(CHECKOUT, "Pay here");
    await page.getByLabel("E-mail addresses").fill("ada@grower.example,");
    const dialog = page.getByRole("dialog", { name: "Invite members" });
    expect(await dialog.getByRole("button", { name: "Send invitations" }).getAttribute("disabled")).toBeNull();
    await dialog.getByRole("link", { name: "See the plans" }).click();
    await page.getByRole("region", { name: "An invitation waits" }).getByText("1 address is entered").waitFor();
    await page.getByRole("button", { name: "Upgrade to Standard" }).click();
    await page.getByRole("button", { name: "Go to payment" }).click();
    await page.getByRole("heading", { name: "Pay here" }).waitFor();
    const { customer } = billed.stripe.pay(page.url());
    await billed.notify(customer);
    await page.goto(`/organizations/${acme.id}/subscription?paid=STANDARD&cycle=MONTHLY`);
    await page.getByRole("heading", { name: "Standard", level: 2 }).waitFor();
    await page.getByRole("link", { name: "Go on inviting" }).click();
    await dialog.getByText("ada@grower.example").waitFor();
    await dialog.getByRole("button", { name: "Send invitations" }).click();
    await page.getByText("1 person invited").waitFor();
  });
});
