import type { Page, Route } from "playwright-core";
import { inBrowser, type Window } from "../../support/browser";
import { pixelsBeyondTheEdge } from "../../support/console-service";
import { type ConsolePerson, ConsoleWorld } from "../../support/console-world";
import { COLOURS, DEMO_FOUNDER, everyPage, loaded, widerThanTheirPlace } from "../../support/every-page";

inBrowser("every page of the console", () => {
  let world: ConsoleWorld;
  let founder: ConsolePerson;
  let window: Window;
  let pages: Array<[string, string]>;
  beforeAll(async () => {
    world = await ConsoleWorld.start({ SEED_DEMO: "true" });
    founder = await world.person(...DEMO_FOUNDER);
    pages = await everyPage(founder);
  });
  beforeEach(async () => {
    window = await world.window(founder, "/account");
  });
  afterAll(async () => world?.stop());
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  async function open(path: string): Promise<Page> {
    await window.page.goto(path);
    await loaded(window.page);
    return window.page;
  }

  test("axe finds nothing on any page, in the light and in the dark theme", async () => {
    const found: string[] = [];
    for (const [name, path] of pages) {
      const page = await open(path);
      await page.emulateMedia({ colorScheme: "light" });
      found.push(...(await window.violations()).map((each) => `${name}, light: ${each}`));
      await page.emulateMedia({ colorScheme: "dark" });
      found.push(...(await window.violations(COLOURS)).map((each) => `${name}, dark: ${each}`));
    }
    expect(found).toEqual([]);
  });

  test("at 400 % nothing scrolls sideways, and axe finds nothing with forced colours", async () => {
    // 1280 by 1024 pixels at 400 %.
    await window.page.setViewportSize({ width: 320, height: 256 });
    await window.page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    const found: unknown[] = [];
    for (const [name, path] of pages) {
      const page = await open(path);
      const wide = await page.evaluate(widerThanTheirPlace);
      const contrast = await window.violations(COLOURS);
      found.push([name, await pixelsBeyondTheEdge(window), wide, contrast]);
    }
    expect(found).toEqual(pages.map(([name]) => [name, 0, [], []]));
  });

  test("each page shows placeholders after 150 ms, and nothing moves when the data arrives", async () => {
    const found: unknown[] = [];
    const waiting = pages.filter(([name]) => !/^Organizations|Invitation link|Not found/.test(name));
    for (const [name, path] of waiting) {
      const { page } = window;
      const { asked, answer } = await holdAnswers(page, path);
      await page.goto(path);
      await asked;
      await page.getByRole("status").filter({ hasText: "Loading…" }).first().waitFor();
      const { delay, fill } = await page.evaluate(appearance);
      const before = await page.evaluate(heightOnScreen);
      await page.evaluate(watchShifts);
      answer();
      await loaded(page);
      const ratio = before / (await page.evaluate(heightOnScreen));
      found.push([
        name,
        delay <= 0.15 && fill === "backwards",
        ratio > 0.5 && ratio < 2,
        (await page.evaluate(readShifts)) < 0.02,
      ]);
      await page.unrouteAll({ behavior: "wait" });
    }
    expect(found).toEqual(waiting.map(([name]) => [name, true, true, true]));
  });
});

/** Opens a page, and holds the responses to its own queries until `answer` is called. */
async function holdAnswers(page: Page, path: string) {
  const [asked, answered] = [signal(), signal()];
  await page.route("**/graphql", async (route) => {
    if (!isOfShell(route, path)) {
      asked.give();
      await answered.given;
    }
    await route.continue();
  });
  return { asked: asked.given, answer: answered.give };
}

function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** The queries of the header and the frame of an organization. */
function isOfShell(route: Route, path: string): boolean {
  const { operationName } = (route.request().postDataJSON() ?? {}) as { operationName?: string };
  const shell = ["Viewer", "OrganizationPlace", "OrganizationOfViewer", "PermissionReasons"];
  return shell.includes(operationName ?? "") || (operationName === "ReceivedInvitations" && path !== "/invitations");
}

/** Runs in the page: the seconds until placeholders become visible. */
function appearance() {
  const status = [...document.querySelectorAll("[role=status]")].find((each) => each.textContent === "Loading…");
  const { animationDelay, animationFillMode } = getComputedStyle(status?.parentElement ?? document.body);
  return { delay: Number.parseFloat(animationDelay), fill: animationFillMode };
}

/** Runs in the page: the part of the first screen that the page fills. */
function heightOnScreen(): number {
  return Math.min(document.querySelector("main")?.scrollHeight ?? 0, window.innerHeight);
}

/** Runs in the page: adds up the browser's layout shifts. */
function watchShifts(): void {
  const watched = Object.assign(globalThis, { shifts: [] as PerformanceEntry[] });
  new PerformanceObserver((list) => watched.shifts.push(...list.getEntries())).observe({ type: "layout-shift" });
}

async function readShifts(): Promise<number> {
  // Entries come with the frame after the one that moved.
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  const { shifts } = globalThis as unknown as { shifts: Array<PerformanceEntry & { value: number }> };
  return shifts.reduce((sum, { value }) => sum + value, 0);
}
