import { BilledConsole } from "../../support/billed-console";
import { inBrowser } from "../../support/browser";
import type { ConsoleOrganization } from "../../support/console-world";

const CHECKOUT = "https://checkout.example/";
const PORTAL = "https://portal.example/";
const DOWN = "The payment provider cannot be reached. Try again later.";

inBrowser("the console while the payment provider is down", () => {
  let billed: BilledConsole;
  beforeAll(async () => {
    billed = await BilledConsole.start();
  });
  afterAll(async () => billed?.stop());
  afterEach(async () => {
    billed.stripe.outage = null;
    expect(await billed.world.closeWindows()).toEqual([]);
  });

  async function open(organization: ConsoleOrganization) {
    const path = `/organizations/${organization.id}/subscription`;
    const window = await billed.world.window(organization.owner, path);
    await window.page.getByRole("heading", { name: "Usage", exact: true }).waitFor();
    return window;
  }

  test("a checkout reports the outage and keeps the chosen plan, and works afterwards", async () => {
    const acme = await billed.world.organization("Outage", { plan: "STARTER" });
    const window = await open(acme);
    const { page } = window;
    await window.expectPage(CHECKOUT, "Pay here");
    await page.getByText("Annually", { exact: true }).click();
    billed.stripe.outage = "unreachable";
    await page.getByRole("button", { name: "Upgrade to Standard" }).click();
    const dialog = page.getByRole("dialog", { name: "Change to Standard, billed annually?" });
    const pay = dialog.getByRole("button", { name: "Go to payment" });
    await pay.click();
    await dialog.getByRole("alert").filter({ hasText: DOWN }).waitFor();
    expect(await billed.planOf(acme)).toBe("STARTER");
    billed.stripe.outage = null;
    await pay.click();
    await page.getByRole("heading", { name: "Pay here" }).waitFor();
    const { parameters } = billed.stripe.calls.findLast(({ call }) => call === "POST /v1/checkout/sessions") ?? {};
    expect(parameters?.success_url).toMatch(/paid=STANDARD&cycle=ANNUAL$/);
  });

  test("an upgrade, the portal and the invoices say so, and each works afterwards", async () => {
    const acme = await billed.subscribed("Blackout", "STANDARD");
    billed.stripe.outage = "failing";
    const window = await open(acme);
    const { page } = window;
    await window.expectPage(PORTAL, "Portal");
    const invoices = page.getByRole("region", { name: "Invoices" });
    await invoices.getByText("The payment provider cannot be reached. Plan and usage are not affected.").waitFor();
    await page.getByRole("button", { name: "Upgrade to Advanced" }).click();
    const dialog = page.getByRole("dialog", { name: "Change to Advanced, billed monthly?" });
    await dialog.getByText(/The effects could not be loaded/).waitFor();
    await dialog.getByRole("button", { name: "Upgrade to Advanced" }).click();
    await dialog.getByRole("alert").filter({ hasText: DOWN }).waitFor();
    expect(await billed.planOf(acme)).toBe("STANDARD");
    billed.stripe.outage = null;
    await dialog.getByRole("button", { name: "Upgrade to Advanced" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Advanced", level: 2 }).waitFor();
    await invoices
      .getByRole("row", { name: /Paid.*\$59/ })
      .first()
      .waitFor();
    billed.stripe.outage = "failing";
    await page.getByRole("button", { name: "Manage payment" }).click();
    await page.getByRole("alert").filter({ hasText: DOWN }).waitFor();
    billed.stripe.outage = null;
    await page.getByRole("button", { name: "Manage payment" }).click();
    await page.getByRole("heading", { name: "Portal" }).waitFor();
  });
});
