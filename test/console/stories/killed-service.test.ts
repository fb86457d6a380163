import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { inBrowser, TestBrowser } from "../../support/browser";
import { DatabaseProxy } from "../../support/database-proxy";
import { killRemainingProcesses, ServiceProcess } from "../../support/process";
import { cloneDatabase } from "../../support/template-database";

const LOST = /^The connection was lost\./;

inBrowser("the console of a service that is killed", () => {
  let line: DatabaseProxy;
  let browser: TestBrowser;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  const directory = mkdtempSync(path.join(os.tmpdir(), "organizations-console-"));
  beforeAll(async () => {
    line = await DatabaseProxy.open();
    database = await cloneDatabase();
    browser = await TestBrowser.start(Number(line.port));
  });
  afterAll(async () => {
    await browser?.stop();
    line?.close();
    killRemainingProcesses();
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(): Promise<ServiceProcess> {
    const own = { DATABASE_URL: database.url, DATA_DIR: directory, SEED_DEMO: "false" };
    const service = await ServiceProcess.start(own);
    line.target = new URL(`http://127.0.0.1:${service.port}`);
    return service;
  }

  test("after a kill between the commit and the answer, pages recover, keep typed text, and save once", async () => {
    const service = await start();
    const window = await browser.window();
    const { page } = window;
    await window.signUp("Kim Killed", "kim@example.com");
    await page.getByRole("link", { name: "Settings of Kim Killed’s Organization" }).click();
    await page.getByLabel("Name").fill("Typed before");
    await page.getByLabel("Description").fill("Not saved yet");
    const other = await window.tab();
    await other.page.goto(page.url().replace("general", "audit"));
    await other.page.getByText(/^\d+ entries$/).waitFor();
    let isKilled = false;
    await page.route("**/graphql", async (route) => {
      if (isKilled || !/mutation \w*Update/.test(route.request().postData() ?? "")) return await route.fallback();
      isKilled = true;
      await route.fetch();
      line.target = null;
      await service.end("SIGKILL");
      await route.abort();
    });
    await page.getByRole("button", { name: "Save" }).click();
    for (const each of [page, other.page]) await each.getByText(LOST).waitFor();
    expect(await page.getByLabel("Description").inputValue()).toBe("Not saved yet");
    const restarted = await start();
    for (const each of [page, other.page]) await each.getByText(LOST).waitFor({ state: "detached" });
    // The answer came to a repeated request, or the change came by the stream.
    await page.getByRole("button", { name: "Discard" }).waitFor({ state: "detached" });
    await other.page.getByRole("navigation", { name: "Typed before" }).waitFor();
    await other.page.reload();
    await other.page.getByRole("row", { name: /Organization updated/ }).waitFor();
    expect(await other.page.getByRole("row", { name: /Organization updated/ }).count()).toBe(1);
    await restarted.end("SIGTERM");
  });
});
