import { hasBrowser, TestBrowser, type Window } from "../support/browser";
import { RunningService } from "../support/service";

const inBrowser = hasBrowser ? describe : describe.skip;

inBrowser("the console", () => {
  let service: RunningService;
  let browser: TestBrowser;
  const windows: Window[] = [];
  beforeAll(async () => {
    service = await RunningService.start({ SEED_DEMO: "false" });
    browser = await TestBrowser.start(service.app.port);
  });
  afterAll(async () => {
    await browser?.stop();
    await service.stop();
  });
  afterEach(async () => {
    const faults = windows.flatMap((each) => each.faults);
    for (const each of windows.splice(0)) await each.close();
    expect(faults).toEqual([]);
  });

  async function window(options = {}): Promise<Window> {
    const opened = await browser.window(options);
    windows.push(opened);
    return opened;
  }

  /** An Owner on the members page of a new organization with seats. */
  async function owner(name: string) {
    const opened = await window();
    await opened.signUp(name, `${name.toLowerCase().replaceAll(" ", ".")}@example.com`);
    await opened.page.getByRole("button", { name: "New organization" }).click();
    await opened.page.getByLabel("Name").fill(`${name}s`);
    await opened.page.getByRole("button", { name: "Create" }).click();
    await opened.page.getByRole("heading", { name: `Members of ${name}s` }).waitFor();
    const id = new URL(opened.page.url()).pathname.split("/")[2] ?? "";
    const token = await opened.page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((each) => each.startsWith("oidc.user"));
      return JSON.parse(sessionStorage.getItem(key ?? "") ?? "{}").access_token as string;
    });
    await service.ask(token)(
      `mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`,
    );
    await opened.page.reload();
    await opened.page.getByRole("button", { name: "Invite members" }).waitFor();
    return { ...opened, page: opened.page, violations: () => opened.violations(), id };
  }

  test("somebody new signs up and finds a personal organization with a default workspace", async () => {
    const opened = await window();
    await opened.signUp("John Doe", "john@example.com");
    const organization = opened.page.getByRole("region", { name: "John Doe’s Organization" });
    await organization.waitFor();
    expect(await organization.getByText("Owner").count()).toBe(1);
    expect(await organization.getByText("Default").count()).toBe(1);
    expect(await organization.getByText("AWS").count()).toBe(1);
    expect(await opened.violations()).toEqual([]);
  });

  test("an invitation is sent, accepted by its link in another window, and both lists follow without a reload", async () => {
    const { page } = await owner("Olga Owner");
    await page.getByRole("button", { name: "Invite members" }).click();
    await page.getByLabel("E-mail addresses").fill("Ada <ada@example.com>,\ngrace@example.com");
    await page.getByRole("button", { name: "Send invitations" }).click();
    await page.getByText("2 people invited").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("tab", { name: "Pending (2)" }).click();
    await page.getByRole("row", { name: /ada@example.com.*Sent/ }).waitFor();
    const ada = await window();
    await ada.signUp("Ada", "ada@example.com", `/invitations/${await service.tokenFor("ada@example.com")}`);
    await ada.page.getByRole("heading", { name: "Olga Owner invites you to join Olga Owners" }).waitFor();
    await ada.page.getByRole("button", { name: "Accept" }).click();
    await ada.page.getByRole("heading", { name: "Members of Olga Owners" }).waitFor();
    await page.getByRole("tab", { name: "Pending (1)" }).waitFor();
    await page.getByRole("tab", { name: "Active (2)" }).click();
    await page.getByRole("row", { name: /Ada/ }).waitFor();
  });

  test("a link for another address names both, and never lets the wrong person in", async () => {
    const { page } = await owner("Wanda");
    await page.getByRole("button", { name: "Invite members" }).click();
    await page.getByLabel("E-mail addresses").fill("right@example.com");
    await page.getByRole("button", { name: "Send invitations" }).click();
    await page.getByText("1 person invited").waitFor();
    const wrong = await window();
    await wrong.signUp("Wrong", "wrong@example.com", `/invitations/${await service.tokenFor("right@example.com")}`);
    await wrong.page.getByText("You are signed in as Wrong.").waitFor();
    await wrong.page.getByRole("button", { name: "Sign in with another account" }).waitFor();
    expect(await wrong.page.getByRole("button", { name: "Accept" }).count()).toBe(0);
  });

  test("the last Owner's role says why it cannot be changed", async () => {
    const { page, violations } = await owner("Lara");
    await page.getByRole("button", { name: /Role of Lara/ }).press("Enter");
    const admin = page.getByRole("option", { name: /^Admin/ });
    expect(await admin.textContent()).toContain("this is the last one");
    await admin.click();
    expect(await page.getByRole("button", { name: /Role of Lara/ }).textContent()).toContain("Owner");
    expect(await violations()).toEqual([]);
  });

  test.each(["light", "dark"] as const)("axe finds nothing in the %s theme", async (colorScheme) => {
    const opened = await window({ colorScheme });
    await opened.signUp(`Axe ${colorScheme}`, `axe-${colorScheme}@example.com`);
    await opened.page.getByRole("region").first().waitFor();
    expect(await opened.violations()).toEqual([]);
  });
});
