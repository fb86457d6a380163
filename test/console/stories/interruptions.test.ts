import type { Page } from "playwright-core";
import { inBrowser, type Window } from "../../support/browser";
import { type ConsoleOrganization, type ConsolePerson, ConsoleWorld, run } from "../../support/console-world";
import { DatabaseProxy } from "../../support/database-proxy";

const LOST = /^The connection was lost\. What you see is as of .+\./;

inBrowser("the console after interruptions", () => {
  let line: DatabaseProxy;
  let world: ConsoleWorld;
  let acme: ConsoleOrganization;
  beforeAll(async () => {
    line = await DatabaseProxy.open();
    world = await ConsoleWorld.start({}, line);
  });
  beforeEach(async () => {
    acme = await world.organization("Acme", { ownerName: "Olga Owner" });
  });
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));
  afterAll(async () => {
    await world?.stop();
    line?.close();
  });

  const open = (path: string, person: ConsolePerson = acme.owner) =>
    world.window(person, path.startsWith("/") ? path : `/organizations/${acme.id}/${path}`);
  const reconnect = () => {
    line.target = new URL(`http://127.0.0.1:${world.service.app.port}`);
  };
  const rename = (name: string) =>
    run(acme.owner, "updateOrganization", { organizationId: acme.id, name }, "organization { id }");

  /** Disconnects the windows until each shows that. The browser logs the failed connections, which are expected. */
  async function cutOff(windows: readonly Window[]): Promise<void> {
    line.cut();
    for (const { page } of windows) await page.getByText(LOST).waitFor();
  }
  async function back(windows: readonly Window[]): Promise<void> {
    for (const { page } of windows) await page.getByText(LOST).waitFor({ state: "detached" });
    for (const { faults } of windows) faults.length = 0;
  }

  test("during a restart, the banner shows its start and typed text stays; no event is lost or repeated", async () => {
    const workspaceId = await world.workspace(acme, "Production");
    const list = await open("members?tab=invitations");
    const form = await open("general");
    const received = await listenIn(list);
    await list.page.getByText("No invitation is pending").waitFor();
    await world.invite(acme, "first@after.example.com", "VIEWER", [{ workspaceId }]);
    await list.page.getByRole("row", { name: /first@after/ }).waitFor();
    await form.page.getByLabel("Name").fill("Typed before");
    await cutOff([list, form]);
    await world.invite(acme, "second@after.example.com", "VIEWER");
    const third = await world.invite(acme, "third@after.example.com", "VIEWER");
    const input = { organizationId: acme.id, invitationId: third };
    await run(acme.owner, "cancelInvitation", input, "invitation { id }");
    await world.restart(line);
    acme.owner.ask = world.service.ask(acme.owner.token);
    await back([list, form]);
    await list.page.getByRole("row", { name: /second@after/ }).waitFor();
    await list.page.getByRole("tab", { name: "Invitations 2" }).waitFor();
    // The canceled invitation may be listed until its cancellation arrives.
    await list.page.getByRole("row").nth(3).waitFor({ state: "detached" });
    await world.invite(acme, "fourth@after.example.com", "VIEWER");
    await list.page.getByRole("row", { name: /fourth@after/ }).waitFor();
    expect(await list.page.getByRole("row").count()).toBe(4);
    expect(new Set(received).size).toBe(received.length);
    expect(await form.page.getByLabel("Name").inputValue()).toBe("Typed before");
    await form.page.getByRole("button", { name: "Save" }).click();
    await form.page.getByText("Saved.").waitFor();
  });

  test("after an interruption, every live page shows the changes during it", async () => {
    const alpha = await world.workspace(acme, "Alpha");
    const dana = await world.member(acme, "Dana Kim", "DEVELOPER", [{ workspaceId: alpha }]);
    const eve = await world.member(acme, "Eve Next", "DEVELOPER");
    const [ada, bea, cleo] = [await world.person("Ada A"), await world.person("Bea B"), await world.person("Cleo C")];
    const invitationId = await world.invite(acme, cleo.email, "VIEWER");
    const canceled = await world.invite(acme, ada.email, "VIEWER");
    const link = `/invitations/${await world.service.tokenFor(ada.email)}`;
    const organizationId = acme.id;
    const review = await world.review(acme);
    const itemId = review.items.get("Dana Kim");
    /** For each page: its content before, a change while it is disconnected, and its content afterwards. */
    const pages: Array<[path: string, before: string | RegExp, after: string | RegExp, person?: ConsolePerson]> = [
      ["general", "1 Owner has full control", "2 Owners have full control"],
      ["members", "Eve Next", "Dana Renamed"],
      ["members?tab=invitations", ada.email, "late@after.example.com"],
      ["members?tab=answered", "Accepted", ada.email],
      ["members?tab=removed", "Nobody was removed in the last 30 days", "Eve Next was removed"],
      ["roles", "One Owner.", "Two Owners"],
      ["workspaces", "Alpha", "Beta"],
      [`workspaces/${alpha}`, "Dana Kim", "Assigned, with a role of its own"],
      ["subscription", "2 of 30", "3 of 30"],
      ["audit", "Workspace “Alpha” on AWS was created.", /new entries$/],
      ["reviews", "Q1", "1 of 3"],
      [`reviews/${review.id}`, "Dana Kim", "To keep"],
      ["/invitations", "Nobody has invited you at the moment.", "Acme", bea],
      [link, "Accept", "Acme has canceled this invitation.", ada],
      ["/account", "Cleo C", "Acme", cleo],
    ];
    const windows: Window[] = [];
    for (const [path, before, , person] of pages) {
      const window = await open(path, person);
      await shows(window.page, before);
      windows.push(window);
    }
    // The page of an invitation link has no banner.
    const withBanner = windows.filter((_, index) => pages[index]?.[0] !== link);
    await cutOff(withBanner);
    await run(acme.owner, "cancelInvitation", { organizationId, invitationId: canceled }, "invitation { id }");
    await run(acme.owner, "removeMember", { organizationId, memberId: eve.memberId }, "memberId");
    const decision = { organizationId, reviewId: review.id, decisions: [{ itemId, decision: "KEEP" }] };
    await run(acme.owner, "decideAccessReview", decision, "review { id }");
    const override = { organizationId, workspaceId: alpha, memberId: dana.memberId, roleOverride: "ADMIN" };
    await run(acme.owner, "grantWorkspaceAccess", override, "access { role }");
    await world.workspace(acme, "Beta");
    await world.invite(acme, "late@after.example.com", "VIEWER");
    await world.invite(acme, bea.email, "VIEWER");
    await world.member(acme, "Dana Renamed", "OWNER");
    await run(cleo, "acceptInvitation", { invitationId }, "member { id }");
    reconnect();
    await back(withBanner);
    for (const [index, [path, , after]] of pages.entries()) {
      await shows(windows[index]?.page as Page, after).catch((error: Error) => {
        throw new Error(`${path}: ${error.message}`);
      });
      (windows[index] as Window).faults.length = 0;
    }
  });

  test("a failed read is repeated when the connection is back", async () => {
    const window = await open("roles");
    const { page } = window;
    await page.getByRole("link", { name: "Developer: 0 members" }).waitFor();
    await page.route("**/graphql", (route) =>
      route.request().postData()?.includes("RolesHeld") ? route.fulfill({ status: 499, body: "" }) : route.continue(),
    );
    const failed = page.waitForResponse((response) => response.status() === 499);
    await world.member(acme, "Dana Kim", "DEVELOPER");
    await failed;
    await page.unrouteAll({ behavior: "wait" });
    await cutOff([window]);
    reconnect();
    await page.getByRole("link", { name: "Developer: 1 member" }).waitFor();
    await back([window]);
  });

  test("a response from before a change does not replace one from after it", async () => {
    const window = await open("roles");
    const { page } = window;
    const received = await listenIn(window);
    await page.getByRole("link", { name: "Viewer: 0 members" }).waitFor();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held = 0;
    const isHeld = page.waitForRequest((request) => Boolean(request.postData()?.includes("RolesHeld")));
    await page.route("**/graphql", async (route) => {
      if (!route.request().postData()?.includes("RolesHeld") || held > 0) return route.continue();
      held += 1;
      const response = await route.fetch();
      await released;
      await route.fulfill({ response });
    });
    await world.member(acme, "Vera One", "VIEWER");
    await isHeld;
    const before = received.length;
    await world.member(acme, "Vera Two", "VIEWER");
    while (received.length === before) await new Promise((resolve) => setImmediate(resolve));
    release();
    await page.getByRole("link", { name: "Viewer: 2 members" }).waitFor();
  });

  test("after a restore of the database, an open page shows the backup's data and continues live", async () => {
    const window = await open("general");
    const { page } = window;
    await page.getByText("1 Owner").first().waitFor();
    await rename("After the backup");
    await page.getByRole("navigation", { name: "After the backup" }).waitFor();
    line.cut();
    await page.getByText(LOST).waitFor();
    await world.sql("UPDATE organization SET name = 'As in the backup' WHERE id = $1", acme.id);
    await world.sql("INSERT INTO database_restore (epoch, last_position, restored_at) VALUES ('restored', 0, now())");
    await world.restart(line);
    acme.owner.ask = world.service.ask(acme.owner.token);
    await page.getByRole("navigation", { name: "As in the backup" }).waitFor();
    await back([window]);
    await rename("Live again");
    await page.getByRole("navigation", { name: "Live again" }).waitFor();
  });
});

const shows = async (page: Page, text: string | RegExp) =>
  await page.locator("main, #content").last().getByText(text).first().waitFor();

/** Loads the page again. Returns the list to which the cursors of received events are added. */
async function listenIn({ page }: Window): Promise<string[]> {
  const received: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => received.push(...cursorsIn(String(payload)))),
  );
  await page.reload();
  return received;
}

/** The cursors of the events in a message of the socket, each with its field. */
function cursorsIn(payload: string): string[] {
  const { id, payload: result } = JSON.parse(payload) as { id?: string; payload?: { data?: object } };
  const events = Object.entries(result?.data ?? {}) as Array<[string, { cursor?: string } | null]>;
  return events.flatMap(([field, event]) => (event?.cursor ? [`${id} ${field} ${event.cursor}`] : []));
}
