import type { Page } from "playwright-core";
import { inBrowser } from "../../support/browser";
import { ConsoleWorld, run } from "../../support/console-world";
import { DEMO_FOUNDER, everyPage, loaded } from "../../support/every-page";

const ROUNDS = 5;
const NAVIGATION_MS = 1000;
const EVENT_MS = 500;

/** The fastest of some rounds: other work on the machine can only make a round slower. */
inBrowser("the console's speed", () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.start({ SEED_DEMO: "true" });
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  test("the members page of the demo organization shows rows within a second of navigation", async () => {
    const founder = await world.person(...DEMO_FOUNDER);
    const general = (await everyPage(founder)).find(([name]) => name === "General")?.[1] ?? "";
    const { page } = await world.window(founder, general);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A new document each time, so that neither the page's chunk nor its data is loaded.
      await page.goto(general);
      await loaded(page);
      const shown = page.evaluate(timeOfText, "Dana Kim");
      const start = await page.evaluate(clickLink, "/members");
      times.push((await shown) - start);
    }
    expect(Math.min(...times)).toBeLessThan(NAVIGATION_MS);
  });

  test("an invitation that is accepted elsewhere becomes a member row within half a second", async () => {
    const acme = await world.organization("Speed");
    const invitees = await Promise.all(
      Array.from({ length: ROUNDS }, (_, index) => world.person(`Ivy ${word(index)}`)),
    );
    const ids: string[] = [];
    for (const { email } of invitees) ids.push(await world.invite(acme, email, "DEVELOPER"));
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/members`);
    await page.getByRole("button", { name: "Role of Speed Owner" }).waitFor();
    const times: number[] = [];
    for (const [index, invitee] of invitees.entries()) {
      const shown = page.evaluate(timeOfText, invitee.email);
      const start = Date.now();
      await run(invitee, "acceptInvitation", { invitationId: ids[index] }, "member { id }");
      times.push((await shown) - start);
    }
    expect(Math.min(...times)).toBeLessThan(EVENT_MS);
    await expectEachOnce(
      page,
      invitees.map(({ email }) => email),
    );
  });
});

async function expectEachOnce(page: Page, emails: readonly string[]): Promise<void> {
  // Waiting for a row fails if there are two. The list may be read again at this moment, from before the last event.
  for (const email of emails) await page.getByRole("row").filter({ hasText: email }).waitFor();
}

function word(index: number): string {
  return ["One", "Two", "Three", "Four", "Five"][index] ?? "Six";
}

/** Runs in the page: follows a link of the frame. Returns the time of the click. */
function clickLink(end: string): number {
  const start = Date.now();
  document.querySelector<HTMLElement>(`nav a[href$="${end}"]`)?.click();
  return start;
}

/** Runs in the page: the time at which a table shows a text. */
function timeOfText(text: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => document.querySelector("table")?.textContent?.includes(text) && resolve(Date.now());
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
}
