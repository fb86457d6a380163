import { createLog } from "../../../src/log";
import { AwsStandIn } from "../../support/aws-stand-in";
import { inBrowser } from "../../support/browser";
import { checksOf, fillKey, keptBy } from "../../support/byok-page";
import { type ConsoleOrganization, ConsoleWorld, run } from "../../support/console-world";

inBrowser("the page of an own key", () => {
  let aws: AwsStandIn;
  let world: ConsoleWorld;
  let log = "";
  const write = (line: string) => {
    log += line;
  };
  beforeAll(async () => {
    aws = await AwsStandIn.start();
    world = await ConsoleWorld.start(aws.environment, undefined, createLog("trace", { write }));
  });
  afterAll(async () => {
    await world?.stop();
    await aws?.stop();
  });
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  async function open(organization: ConsoleOrganization, options = {}) {
    const window = await world.window(organization.owner, `/organizations/${organization.id}/byok`, options);
    await window.page.getByRole("heading", { name: "Bring your own key" }).waitFor();
    return window;
  }

  /** The organization's key in the graph. */
  async function keyOf({ id, owner }: ConsoleOrganization) {
    const { data } = await owner.ask(
      `{ organization(id: "${id}") { byokStatus byokConfig { accessKeyIdHint region fallback inferenceProfile } } }`,
    );
    return data.organization;
  }

  async function save({ id, owner }: ConsoleOrganization, key: ReturnType<AwsStandIn["key"]>) {
    const credentials = { organizationId: id, region: "us-east-1", ...key };
    await run(owner, "saveByokConfig", { credentials }, "byokConfig { id }");
  }

  test("each failed check shows AWS's code and the next step, and nothing is stored", async () => {
    const acme = await world.organization("Acme");
    const { page } = await open(acme);
    const check = page.getByRole("button", { name: "Check the key" });
    await fillKey(page, { ...aws.key(), secretAccessKey: "A".repeat(40) });
    await check.click();
    await checksOf(page, "Identity of the key").getByText("SignatureDoesNotMatch").waitFor();
    await page
      .getByText("The secret access key does not belong to this access key ID. Copy both again.")
      .first()
      .waitFor();
    await fillKey(page, aws.key("AKIA", { missingModels: ["opus"] }));
    await check.click();
    await checksOf(page, "Access to Claude Opus 4.5").getByText("ResourceNotFoundException").waitFor();
    await checksOf(page, "Access to Claude Sonnet 4.5").getByText("Passed").waitFor();
    await fillKey(page, aws.key("AKIA", { mayInvoke: false }));
    await page.getByRole("button", { name: "Save" }).click();
    await checksOf(page, "Right to invoke the models").getByText("AccessDeniedException").waitFor();
    await page.getByText("The key cannot be used yet. Nothing was stored.").waitFor();
    expect(await keyOf(acme)).toEqual({ byokStatus: "NOT_CONFIGURED", byokConfig: null });
  });

  test("a good key is saved, its secret appears nowhere afterwards, and an Admin cannot open the page", async () => {
    const acme = await world.organization("Secretive", { ownerName: "Olga Owner" });
    const window = await open(acme);
    const { page } = window;
    const key = aws.key();
    await page.getByText("Calls run on the platform's key and cost credits.").waitFor();
    await fillKey(page, key);
    expect(await page.content()).not.toContain(key.secretAccessKey);
    for (const label of ["Access key ID", "Secret access key"]) {
      expect(await page.getByLabel(label).getAttribute("autocomplete")).toBe("off");
    }
    await page.getByText("Use credits").click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Calls run on your AWS account, which pays for them. They cost no credits.").waitFor();
    const hint = `${key.accessKeyId.slice(0, 4)}…${key.accessKeyId.slice(-4)}`;
    await page.getByText(hint).waitFor();
    expect(await keyOf(acme)).toEqual({
      byokStatus: "ACTIVE",
      byokConfig: { accessKeyIdHint: hint, region: "us-east-1", fallback: "ALLOW", inferenceProfile: "GLOBAL" },
    });
    const kept = await keptBy(page);
    expect(kept).not.toContain(key.secretAccessKey);
    expect(kept).not.toContain(key.accessKeyId);
    expect(log).toContain("ByokPageSave");
    for (const secret of [key.secretAccessKey, key.accessKeyId]) expect(log).not.toContain(secret);
    expect(await page.getByLabel("Secret access key").count()).toBe(0);
    expect(await window.violations()).toEqual([]);
    const admin = await world.member(acme, "Adam Admin", "ADMIN");
    const theirs = await world.window(admin, `/organizations/${acme.id}/byok`);
    await theirs.page.getByText("Olga Owner").waitFor();
    expect(await theirs.page.getByRole("link", { name: "BYOK" }).count()).toBe(0);
    expect(await theirs.page.content()).not.toContain(hint);
  });

  test("a temporary key requires a session token and an end, and a mistake is shown at its field", async () => {
    const acme = await world.organization("Temporary");
    const { page } = await open(acme);
    const key = aws.key("ASIA");
    expect(await page.getByLabel("Session token").count()).toBe(0);
    await fillKey(page, { ...key, sessionToken: null });
    await page.getByLabel("Session ends at").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("A temporary key (ASIA…) needs its session token. Add it.").waitFor();
    expect(await page.getByLabel("Session token").getAttribute("aria-invalid")).toBe("true");
    await fillKey(page, key);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("temporary", { exact: true }).waitFor();
    expect((await keyOf(acme)).byokStatus).toBe("ACTIVE");
  });

  test("after three reports the open page shows Failing, and a new key replaces the old one without a gap", async () => {
    const acme = await world.organization("Failing");
    const workspaceId = await world.workspace(acme, "Production");
    await save(acme, aws.key());
    const { page } = await open(acme);
    await page.getByText("Active", { exact: true }).waitFor();
    const caller = await world.service.service("credentials:read");
    for (let report = 0; report < 3; report++) {
      await caller(
        `mutation { reportByokFailure(input: { workspaceId: "${workspaceId}", code: "AccessDeniedException" }) { __typename } }`,
      );
    }
    await page.getByRole("region", { name: /AWS rejects the key/ }).waitFor();
    await page.getByText("Calls are refused: the key cannot be used").waitFor();
    const mail = () => world.service.mailer.sent.find(({ to }) => to === acme.owner.email);
    while (!mail()) await new Promise((resolve) => setImmediate(resolve));
    const [link = ""] = /http\S+\/byok/.exec(mail()?.text ?? "") ?? [];
    await page.goto(new URL(link).pathname);
    await page.getByRole("heading", { name: "Replace the key" }).waitFor();
    await fillKey(page, { ...aws.key(), secretAccessKey: "A".repeat(40) });
    await page.getByRole("button", { name: "Replace the key" }).click();
    await page.getByText("The key cannot be used yet. Nothing was stored.").waitFor();
    expect((await keyOf(acme)).byokConfig).not.toBeNull();
    await fillKey(page, aws.key());
    await page.getByRole("button", { name: "Replace the key" }).click();
    await page.getByText("Calls run on your AWS account").waitFor();
    expect((await keyOf(acme)).byokStatus).toBe("ACTIVE");
  });

  test("an expired key is shown live on every page until a new key is saved", async () => {
    const acme = await world.organization("Expired");
    const admin = await world.member(acme, "Adam Admin", "ADMIN");
    const key = aws.key("ASIA");
    await save(acme, key);
    const other = await world.window(acme.owner, `/organizations/${acme.id}/members`);
    await other.page.getByText("Own key: Active").waitFor();
    await world.sql(
      "UPDATE byok_config SET session_token_expires_at = now() - interval '1 minute' WHERE organization_id = $1",
      acme.id,
    );
    const input = { organizationId: acme.id, description: "Something else" };
    await run(acme.owner, "updateOrganization", input, "organization { id }");
    await other.page.getByText("Own key: Expired").waitFor();
    const theirs = await world.window(admin, `/organizations/${acme.id}/members`);
    await theirs.page.getByText("Own key: Expired").waitFor();
    const window = await open(acme);
    await window.page.getByRole("heading", { name: /^The temporary key expired on / }).waitFor();
    await window.page.getByText("Calls are refused: the key cannot be used").waitFor();
    expect(await window.violations()).toEqual([]);
    await fillKey(window.page, aws.key("ASIA"));
    await window.page.getByRole("button", { name: "Replace the key" }).click();
    for (const { page } of [other, theirs]) await page.getByText("Own key: Active").waitFor();
  });

  test("a key can be paused, resumed, checked and removed, and each dialog announces the effect", async () => {
    const acme = await world.organization("Careful");
    await save(acme, aws.key());
    const { page } = await open(acme);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("dialog").getByText("The organization's key was paused.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
    await page.getByRole("heading", { name: "The key is paused" }).waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    const before = aws.calls.length;
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByRole("log").getByText("The key was checked.").waitFor();
    expect(aws.calls.length).toBeGreaterThan(before);
    await page.getByRole("button", { name: "Remove" }).click();
    await page
      .getByRole("dialog")
      .getByText(/^The key AKIA….* was removed\.$/)
      .waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("heading", { name: "Set up a key" }).waitFor();
    expect(await keyOf(acme)).toEqual({ byokStatus: "NOT_CONFIGURED", byokConfig: null });
  });

  test("a plan without own keys links to the plans, even if a key is stored", async () => {
    const starter = await world.organization("Starter", { plan: "STARTER" });
    const { page } = await open(starter);
    await page.getByRole("heading", { name: "Starter does not include own keys" }).waitFor();
    expect(await page.getByRole("heading", { name: "Set up a key" }).count()).toBe(0);
    const kept = await world.organization("Kept");
    await save(kept, aws.key());
    const sql = "UPDATE organization_subscription SET plan_code = 'STARTER' WHERE organization_id = $1";
    await world.service.app.services.database.dataSource.query(sql, [kept.id]);
    const theirs = await open(kept);
    await theirs.page.getByRole("heading", { name: "The plan does not include own keys any more" }).waitFor();
    await theirs.page.getByText("Calls are refused: the key cannot be used").waitFor();
    await theirs.page.getByRole("link", { name: "See the plans" }).click();
    await theirs.page.getByRole("heading", { name: "Plans" }).waitFor();
  });

  test("a missing profile is reported before the check, the policy depends on the profile, and axe finds nothing", async () => {
    const acme = await world.organization("Profiles");
    const window = await open(acme, { colorScheme: "dark", width: 320 });
    const { page } = window;
    await page.getByText("AWS has no APAC profile for Claude Sonnet 4.5 and Claude Opus 4.5.").waitFor();
    await page.getByText("Only regions in the European Union").click();
    await page.getByText("inference-profile/eu.anthropic").first().waitFor();
    expect(await window.violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});
