import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(path.join(path.dirname(require.resolve("axe-core")), "axe.min.js"), "utf8");

/** Describes tests that need the browser. Without one they are skipped; with REQUIRE_BROWSER they fail. */
export const inBrowser = existsSync(EXECUTABLE) || process.env.REQUIRE_BROWSER === "1" ? describe : describe.skip;

/** A real browser. Each person has a separate context, with its own session. */
export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  static async start(port: number): Promise<TestBrowser> {
    // Chromium's sandbox does not work for root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({ executablePath: EXECUTABLE, args });
    return new TestBrowser(browser, `http://localhost:${port}`);
  }

  async window(options: { colorScheme?: "light" | "dark"; width?: number } = {}): Promise<Window> {
    const { colorScheme = "light", width = 1280 } = options;
    const context = await this.browser.newContext({
      baseURL: this.origin,
      colorScheme,
      viewport: { width, height: 800 },
    });
    return await Window.open(context, this.origin);
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

/** One person's window, which records faults. */
export class Window {
  /** Console errors, violations of the content security policy and requests to other origins. */
  readonly faults: string[] = [];
  /** Other origins that a test visits, such as a payment provider's. */
  readonly expectedOrigins = new Set<string>();

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly origin: string,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      const isExpected =
        url.startsWith(origin) || url.startsWith("data:") || this.expectedOrigins.has(new URL(url).origin);
      if (!isExpected) this.faults.push(`request to ${new URL(url).origin}`);
    });
  }

  static async open(context: BrowserContext, origin: string): Promise<Window> {
    return new Window(await context.newPage(), context, origin);
  }

  /** Records every use of the mouse as a fault from now on. */
  async withoutMouse(): Promise<void> {
    await this.page.evaluate(() => {
      addEventListener("mousedown", () => console.error("The mouse was used."), true);
    });
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Window> {
    return await Window.open(this.context, this.origin);
  }

  /** Signs up at the development issuer, starting at the path `from`, or without one at the shown page. */
  async signUp(name: string, email: string, from: string | null = "/"): Promise<void> {
    const { page } = this;
    if (from !== null) await page.goto(from);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Sign up" }).click();
  }

  /** The violations that axe finds on the current page, by rule and element. */
  async violations(options: object = {}): Promise<string[]> {
    // Evaluated by the debugger, because the page's policy forbids foreign scripts.
    await this.page.evaluate(AXE);
    const results = await this.page.evaluate(`axe.run(${JSON.stringify(options)})`);
    const { violations } = results as { violations: Array<{ id: string; nodes: Array<{ html: string }> }> };
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  /** An empty page of another origin. */
  async expectPage(url: string, text: string): Promise<void> {
    this.expectedOrigins.add(new URL(url).origin);
    await this.context.route(`${new URL(url).origin}/**`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><title>${text}</title><link rel="icon" href="data:,"><h1>${text}</h1>`,
      }),
    );
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
