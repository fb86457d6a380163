import { sweepBilling } from "../../src/jobs/sync-billing";
import { assertUnused, withClient } from "../../src/store/engine/database-identity";
import { verifyAuditLog } from "../../src/store/events/verify-audit-log";
import { BACKUPS, type BackedUpDatabase, type RestoredDatabase } from "../support/backups";
import { type Account, BilledService, until } from "../support/billed-service";
import { accountWithDueMails, DUE_MAILS, subjectsTo, sweepDue } from "../support/due-mails";
import { memberWithEndingAccess, mutate } from "../support/ending-access";
import { runRestored } from "../support/run-restored";
import type { Ask } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

type Paying = Awaited<ReturnType<BilledService["subscribed"]>>;
interface Cursors {
  events: string;
  memberships: string;
  feed: string;
}

let database: BackedUpDatabase;
let billed: BilledService;
let restored: RestoredDatabase;
let [acme, late, due] = [] as unknown as [Paying, Account, Account];
let cursors: { before: Cursors; after: Cursors };
let stray: { customer: string; id: string };
let gone: string;
const rename = ({ id, owner }: Account, name: string) =>
  mutate(owner.ask, "updateOrganization", `organizationId: "${id}", name: "${name}"`);
const query = (text: string) => billed.service.app.services.database.dataSource.query(text);
const mailsTo = (address: string) => billed.service.mailer.sent.filter(({ to }) => to === address).length;

async function currentCursors({ owner, id }: Account): Promise<Cursors> {
  const { data } = await owner.ask(`{ viewer { membershipCursor } organization(id: "${id}") { eventCursor } }`);
  const feed = await (await billed.service.service("events:read"))("{ organizationEvents { cursor } }");
  return {
    events: data.organization.eventCursor,
    memberships: data.viewer.membershipCursor,
    feed: feed.data.organizationEvents.cursor,
  };
}

let member: { email: string };

/** Creates a mail that waits for its server, what is due soon, and accounts with and without a customer. */
async function beforeBackup(): Promise<Cursors> {
  acme = await billed.subscribed("ADVANCED");
  late = await billed.account();
  member = await memberWithEndingAccess(billed, acme);
  due = await accountWithDueMails(billed);
  await (await billed.account()).changePlan("STANDARD");
  gone = [...billed.stripe.customers.keys()].at(-1) ?? "";
  const seen = await currentCursors(acme);
  billed.service.mailer.failure = new Error("The mail server is down.");
  const invitation = `organizationId: "${acme.id}", emails: ["ann@example.com"], role: VIEWER`;
  await mutate(acme.owner.ask, "inviteMembers", invitation);
  await until(async () => (await query("SELECT FROM graphile_worker.jobs WHERE last_error IS NOT NULL")).length === 1);
  return seen;
}

/** Makes changes after the backup: mails are sent, people pay, and an organization is founded. */
async function afterBackup(): Promise<Cursors> {
  billed.service.mailer.failure = null;
  for (const account of [acme, late]) account.owner.ask = billed.service.ask(account.owner.token);
  await sweepDue(billed);
  await billed.finishJobs();
  expect([mailsTo("ann@example.com"), mailsTo(member.email)]).toEqual([1, 2]);
  expect(subjectsTo(billed, due)).toEqual(DUE_MAILS);
  billed.stripe.addCustomer("cus_former", late.id);
  billed.stripe.addCustomer("cus_unrelated", "");
  billed.stripe.pay((await late.changePlan("STANDARD")).checkoutUrl);
  billed.stripe.addCustomer("cus_unused", late.id);
  // The restored database uses the revisions of changes for Stripe again.
  await acme.changePlan("STANDARD");
  await billed.finishJobs();
  await acme.cancelScheduledPlan();
  await billed.finishJobs();
  const founded = await billed.account();
  founded.owner.ask = late.owner.ask;
  const { customer } = billed.stripe.pay((await (await billed.account()).changePlan("STANDARD")).checkoutUrl);
  stray = { customer, id: billed.stripe.customers.get(customer)?.metadata.organization_id ?? "" };
  await mutate(acme.owner.ask, "createOrganization", 'name: "Second"');
  for (const name of ["A", "B", "C"]) await rename(acme, name);
  return await currentCursors(acme);
}

const start = () => billed.service.restart({ ...billed.stripe.environment, DATABASE_URL: restored.url });

const errorOf = async (ask: Ask, text: string) => (await ask(text)).errors?.[0];
const LOST = {
  message:
    "'after' has seen events that were lost when the database was restored from a backup. " +
    "Start again without a cursor.",
  extensions: { code: "BAD_USER_INPUT" },
};

describe.each(Object.entries(BACKUPS))("a database restored from %s", (_name, open) => {
  beforeAll(async () => {
    database = await open();
    billed = await BilledService.start(database.url === undefined ? {} : { DATABASE_URL: database.url });
    const url = database.url ?? billed.service.databaseUrl;
    cursors = { before: await beforeBackup(), after: { events: "", memberships: "", feed: "" } };
    await billed.service.close();
    const restore = await database.backUp(url);
    await billed.service.restart({ ...billed.stripe.environment, DATABASE_URL: url });
    cursors.after = await afterBackup();
    await billed.service.close();
    restored = await restore();
  });
  afterAll(async () => {
    await billed.stop();
    await restored.drop();
    await database.stop();
  });

  test("a service refuses to start on an unprepared restored database, and sends nothing", async () => {
    const sent = billed.service.mailer.sent.length;
    await expect(start()).rejects.toThrow(/DATABASE_URL: this database was restored .* npm run restored/);
    expect(billed.service.mailer.sent).toHaveLength(sent);
  });

  test("npm run restored reports its changes, changes nothing at Stripe, and allows the service to start", async () => {
    const writes = () => billed.stripe.calls.filter(({ call }) => !call.startsWith("GET")).length;
    const before = writes();
    const lost = billed.stripe.customers.get(gone);
    billed.stripe.customers.delete(gone);
    const { code, output } = await runRestored(billed, restored.url);
    expect(output.split("\n")).toEqual([
      expect.stringMatching(/^Mails that are not sent again, .*: [56]\.$/),
      "Invitations that are marked as not delivered: 1. Their Owners and Admins can send them again.",
      "Customers that Stripe no longer has: 1.",
      "Customers at Stripe of organizations that the backup lacks: 1.",
      `  ${stray.customer} of organization ${stray.id}`,
      "The service can start on this database.",
      "",
    ]);
    expect([code, writes()]).toEqual([0, before]);
    // Later tests compare every account with Stripe.
    if (lost) billed.stripe.customers.set(gone, lost);
    // Its account is read by two calls at once.
    expect(billed.stripe.refusals.splice(0).filter((each) => !each.includes("No such customer"))).toEqual([]);
    await start();
    for (const account of [acme, late]) account.owner.ask = billed.service.ask(account.owner.token);
  });

  test("no mail is sent twice, and an invitation whose mail is in doubt can be resent", async () => {
    await sweepDue(billed);
    await billed.finishJobs();
    expect([mailsTo("ann@example.com"), mailsTo(member.email)]).toEqual([1, 2]);
    expect(subjectsTo(billed, due)).toEqual(DUE_MAILS);
    const { data } = await acme.owner.ask(
      `{ organization(id: "${acme.id}") { invitations(first: 5) { nodes { id email delivery } } } }`,
    );
    const [invitation] = data.organization.invitations.nodes;
    expect(invitation).toMatchObject({ email: "ann@example.com", delivery: "FAILED" });
    await query("UPDATE invitation SET queued_at = queued_at - interval '1 hour'");
    await mutate(acme.owner.ask, "resendInvitation", `organizationId: "${acme.id}", invitationId: "${invitation.id}"`);
    await billed.finishJobs();
    expect(mailsTo("ann@example.com")).toBe(2);
  });

  test("payments after the backup are found at Stripe, and later changes reach Stripe", async () => {
    expect(await late.read()).toMatchObject({ plan: { code: "STANDARD" }, paymentMethod: { brand: "visa" } });
    expect(await acme.read()).toMatchObject({ plan: { code: "ADVANCED" }, scheduledPlan: null });
    await acme.changePlan("STANDARD");
    await billed.finishJobs();
    await sweepBilling(billed.service.app.services);
    await billed.finishJobs();
    expect(await acme.read()).toMatchObject({ plan: { code: "ADVANCED" }, scheduledPlan: { code: "STANDARD" } });
  });

  test("cursors from before the backup continue; later ones are refused, even when the log is longer again", async () => {
    for (const name of ["D", "E", "F", "G", "H"]) await rename(acme, name);
    const feed = await billed.service.service("events:read");
    const page = (after: string) => `{ organizationEvents(after: "${after}") { cursor events { type } } }`;
    expect(await errorOf(feed, page(cursors.after.feed))).toMatchObject(LOST);
    const { data } = await feed(page(cursors.before.feed));
    expect(data.organizationEvents.events.length).toBeGreaterThan(5);
    const again = await feed(page(data.organizationEvents.cursor));
    expect(again.data.organizationEvents.events).toEqual([]);
    expect(await errorOf(feed, page(`${cursors.before.feed}.another`))).toMatchObject(LOST);
    const client = connect(billed.service.app.port, acme.owner.token);
    const streams: Array<[keyof Cursors, (after: string) => string]> = [
      ["events", (after) => `organizationChanged(organizationId: "${acme.id}", after: "${after}") { type }`],
      ["memberships", (after) => `viewerMembershipChanged(after: "${after}") { change }`],
    ];
    await mutate(acme.owner.ask, "createOrganization", 'name: "Third"');
    const now = await currentCursors(acme);
    await mutate(acme.owner.ask, "createOrganization", 'name: "Fourth"');
    await rename(acme, "I");
    for (const [kind, field] of streams) {
      const read = (after: string) => subscribeBySocket(client, `subscription { ${field(after)} }`);
      expect((await read(cursors.after[kind]).over())[0]?.errors?.[0]).toMatchObject(LOST);
      expect((await read(`${cursors.before[kind]}.another`).over())[0]?.errors?.[0]).toMatchObject(LOST);
      for (const after of [cursors.before[kind], now[kind]])
        expect((await read(after).count(1))[0]?.errors).toBeUndefined();
    }
    await client.dispose();
  });

  test("npm run restored refuses a database that a service uses", async () => {
    await expect(withClient(restored.url, assertUnused)).rejects.toThrow("Stop every replica first");
  });

  test("the hash chain of every log is intact", async () => {
    const { database: reader } = billed.service.app.services;
    const ids: Array<{ id: string }> = await query("SELECT id FROM organization");
    expect(ids.length).toBeGreaterThan(2);
    for (const { id } of ids) expect(await verifyAuditLog(reader, id)).toMatchObject({ ok: true });
  });
});
