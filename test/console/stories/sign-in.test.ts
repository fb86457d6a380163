import type { Page } from "playwright-core";
import { inBrowser, TestBrowser, type Window } from "../../support/browser";
import { freePort } from "../../support/free-port";
import { OidcProvider } from "../../support/oidc-provider";
import { RunningService } from "../../support/service";

const AUDIENCE = "https://organizations.example";
/** How long a token lives. */
const TOKEN_SECONDS = 20;
/** Renewals to wait for: the second one uses the refresh token of the first. */
const RENEWALS = 3;

inBrowser("signing in at a real provider, with short tokens and rotating refresh tokens", () => {
  let provider: OidcProvider;
  let service: RunningService;
  let browser: TestBrowser;
  beforeAll(async () => {
    provider = await OidcProvider.start();
    const port = await freePort();
    service = await RunningService.start({
      CONSOLE: "",
      SEED_DEMO: "false",
      PORT: String(port),
      AUTH_ISSUER: provider.issuer,
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_JWKS_URL: `${provider.issuer}/jwks`,
      AUTH_CLIENT_ID: "console",
    });
    await provider.configure(`http://localhost:${port}`, AUDIENCE, TOKEN_SECONDS);
    browser = await TestBrowser.start(port);
  });
  afterAll(async () => {
    await browser?.stop();
    await service?.stop();
    await provider?.stop();
  });

  /** A person on the page General of their personal organization. */
  async function signedIn(name: string): Promise<Window> {
    const window = await browser.window();
    await window.page.goto("/");
    await signIn(window.page, name);
    await window.page.getByRole("link", { name: `Settings of ${name}’s Organization` }).click();
    await window.page.getByRole("button", { name: "Save" }).waitFor();
    return window;
  }

  test(
    "two tabs stay signed in and connected over several renewals, and signing out in one signs out both",
    async () => {
      const one = await signedIn("Ada");
      const two = await one.tab();
      await two.page.goto(one.page.url());
      await two.page.getByRole("button", { name: "Save" }).waitFor();
      const [first, second] = [new Tab(one.page), new Tab(two.page)];
      for (const page of [one.page, two.page]) {
        await page.reload();
        await page.getByRole("button", { name: "Save" }).waitFor();
      }
      for (let renewal = 1; renewal <= RENEWALS; renewal++) {
        await renewed(first, second, renewal);
        const name = `After renewal ${renewal}`;
        await one.page.getByLabel("Name").fill(name);
        await one.page.getByRole("button", { name: "Save" }).click();
        await two.page.getByRole("navigation", { name }).waitFor();
        await one.page.getByRole("navigation", { name }).waitFor();
      }
      for (const { page, updates, refused } of [first, second]) {
        // A tab that saves shows the answer of the mutation, perhaps before its update arrives.
        while (updates.length < RENEWALS) await page.waitForTimeout(50);
        expect(updates).toHaveLength(RENEWALS);
        expect(new Set(updates).size).toBe(RENEWALS);
        expect(refused).toEqual([]);
      }
      await one.page.getByRole("button", { name: "Sign out" }).click();
      await two.page.getByRole("button", { name: "Sign in" }).waitFor();
      await one.page.getByRole("button", { name: "Yes, sign me out" }).click();
      await one.page.getByRole("button", { name: "Sign in" }).waitFor();
      expect(await two.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes("user")))).toEqual(
        [],
      );
      expect(foreign(two.faults, provider)).toEqual([]);
      await one.close();
    },
    TOKEN_SECONDS * 15_000,
  );

  test("a form in a dialog whose session ends is kept, and sent after the person signs in again from the dialog", async () => {
    const window = await signedIn("Grace");
    const { page } = window;
    await page.keyboard.press("Control+k");
    await page.getByRole("button", { name: "New organization" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Typed before");
    await provider.end();
    // The dialog covers the page and its message, so it has one of its own.
    const messages = page.getByText("Your session has ended.");
    await messages.nth(1).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
    await provider.allow();
    const opening = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Sign in again in a new tab" }).last().click();
    const again = await opening;
    await signIn(again, "Grace", { isKnown: true });
    await again.getByRole("heading", { name: "Account" }).waitFor();
    await page.getByRole("navigation", { name: "Typed before" }).waitFor();
    expect(await messages.count()).toBe(0);
    await window.close();
  });

  /** Waits until the tabs together have renewed the tokens `times` times. */
  async function renewed(first: Tab, second: Tab, times: number): Promise<void> {
    while (first.renewals + second.renewals < times) await first.page.waitForTimeout(50);
  }
});

/** The messages that a tab gets over the network. */
class Tab {
  renewals = 0;
  /** The cursors of the organization's updates, in the order of their arrival over the socket. */
  readonly updates: string[] = [];
  readonly refused: number[] = [];

  constructor(readonly page: Page) {
    page.on("response", (response) => {
      if (!response.url().endsWith("/token")) return;
      if (response.ok()) this.renewals += 1;
      else this.refused.push(response.status());
    });
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => this.receive(String(payload))));
  }

  private receive(payload: string): void {
    const event = JSON.parse(payload).payload?.data?.organizationChanged;
    if (event?.type === "organization.updated") this.updates.push(event.cursor);
  }
}

/** Signs in on the pages of oidc-provider. */
async function signIn(page: Page, name: string, { isKnown = false } = {}): Promise<void> {
  await page.getByRole("button", { name: "Sign in" }).click();
  if (isKnown) return;
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** The faults apart from requests to the provider. For tabs that never show the provider's own pages. */
function foreign(faults: readonly string[], { issuer }: OidcProvider): string[] {
  return faults.filter((fault) => fault !== `request to ${issuer}`);
}
