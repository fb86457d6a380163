import { TestBrowser, type Window } from "./browser";
import { type Person, RunningService } from "./service";

/** A service with its console, a browser, and people who use the browser and the API. */
export class ConsoleService {
  private readonly windows: Window[] = [];

  private constructor(
    readonly service: RunningService,
    private readonly browser: TestBrowser,
  ) {}

  static async start(): Promise<ConsoleService> {
    const service = await RunningService.start({ CONSOLE: "", SEED_DEMO: "false" });
    return new ConsoleService(service, await TestBrowser.start(service.app.port));
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    await this.service.stop();
  }

  /** Closes all windows. Returns the faults in them. */
  async closeWindows(): Promise<string[]> {
    const faults = this.windows.flatMap((each) => each.faults);
    for (const each of this.windows.splice(0)) await each.close();
    return faults;
  }

  /** A person of the development issuer, by API. */
  async person(name: string): Promise<Person> {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
    const response = await fetch(`http://127.0.0.1:${this.service.app.port}/dev/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, email }),
    });
    const { token } = (await response.json()) as { token: string };
    const ask = this.service.ask(token);
    const { data } = await ask("{ viewer { id } }");
    return { ask, id: data.viewer.id, email, token };
  }

  async window(options: { width?: number; colorScheme?: "light" | "dark" } = {}): Promise<Window> {
    const opened = await this.browser.window(options);
    this.windows.push(opened);
    return opened;
  }

  /** A window in which the person is signed in, at the path. */
  async windowOf(name: string, path = "/organizations", options: { width?: number } = {}): Promise<Window> {
    const opened = await this.window(options);
    await opened.signUp(name, `${name.toLowerCase().replaceAll(" ", ".")}@example.com`, path);
    return opened;
  }
}

/** The violations that axe finds in the light and in the dark theme. */
export async function violationsInBothThemes(window: Window): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await window.page.emulateMedia({ colorScheme });
    found.push(...(await window.violations()).map((each) => `${colorScheme}: ${each}`));
  }
  return found;
}

/**
 * How many pixels of the page need sideways scrolling. Popovers get their place a moment after a change of the window's size,
 * so this waits while something is beyond the edge.
 */
export async function pixelsBeyondTheEdge({ page }: Window): Promise<number> {
  const fits = page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth);
  // If it never fits, the number below says so.
  await fits.catch(() => undefined);
  return await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
