import { AwsStandIn } from "../../support/aws-stand-in";
import { inBrowser } from "../../support/browser";
import { fillKey } from "../../support/byok-page";
import { type ConsoleOrganization, ConsoleWorld, run } from "../../support/console-world";

inBrowser("an own key that others change", () => {
  let aws: AwsStandIn;
  let world: ConsoleWorld;
  beforeAll(async () => {
    aws = await AwsStandIn.start();
    world = await ConsoleWorld.start(aws.environment);
  });
  afterAll(async () => {
    await world?.stop();
    await aws?.stop();
  });
  afterEach(async () => expect(await world.closeWindows()).toEqual([]));

  async function save({ id, owner }: ConsoleOrganization, key: ReturnType<AwsStandIn["key"]>) {
    const credentials = { organizationId: id, region: "us-east-1", ...key };
    await run(owner, "saveByokConfig", { credentials }, "byokConfig { id }");
  }

  test("a member's page shows at once that a change of plan ends or begins the use of the key", async () => {
    const acme = await world.organization("Chip");
    await save(acme, aws.key());
    const vic = await world.member(acme, "Vic", "VIEWER");
    const { page } = await world.window(vic, `/organizations/${acme.id}/general`);
    await page.getByText("Own key: Active").waitFor();
    // A downgrade waits for the end of the period, so it happens by SQL here, and the upgrade by the graph.
    await world.sql("UPDATE organization_subscription SET plan_code = 'STARTER' WHERE organization_id = $1", acme.id);
    await page.reload();
    await page.getByText("Own key: Not in the plan").waitFor();
    await run(acme.owner, "changePlan", { organizationId: acme.id, planCode: "ADVANCED" }, "subscription { id }");
    await page.getByText("Own key: Active").waitFor();
  });

  test("a key that another Owner saves meanwhile does not empty the form", async () => {
    const acme = await world.organization("Two Owners");
    const { page } = await world.window(acme.owner, `/organizations/${acme.id}/byok`);
    await page.getByRole("heading", { name: "Set up a key" }).waitFor();
    const typed = aws.key();
    await fillKey(page, typed);
    await save(acme, aws.key());
    await page.getByText("Two Owners Owner has saved a key meanwhile.").waitFor();
    expect(await page.getByLabel("Access key ID").inputValue()).toBe(typed.accessKeyId);
    await page.getByRole("button", { name: "Replace the key" }).click();
    await page.getByRole("heading", { name: "Replace the key" }).waitFor({ state: "detached" });
    const { data } = await acme.owner.ask(`{ organization(id: "${acme.id}") { byokConfig { accessKeyIdHint } } }`);
    expect(data.organization.byokConfig.accessKeyIdHint).toContain(typed.accessKeyId.slice(-4));
  });
});
