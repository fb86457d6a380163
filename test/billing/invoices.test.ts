import { BilledService, until } from "../support/billed-service";
import { join } from "../support/live-organization";
import { type Ask, RunningService } from "../support/service";
import type { Invoice } from "../support/stripe-shapes";
import type { StripeStandIn } from "../support/stripe-stand-in";

type Subscribed = Awaited<ReturnType<BilledService["subscribed"]>>;

let billed: BilledService;
let stripe: StripeStandIn;
beforeAll(async () => {
  billed = await BilledService.start();
  ({ stripe } = billed);
});
beforeEach(() => {
  stripe.calls.length = 0;
});
afterAll(() => billed.stop());

const FIELDS =
  "nodes { id number status totalCents issuedAt paidAt url } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
const page = async (id: string, ask: Ask, args = "", fields = FIELDS) => {
  const { data, errors, status } = await ask(
    `{ organization(id: "${id}") { name subscription { invoices${args} { ${fields} } } } }`,
  );
  if (errors)
    return { code: errors[0]?.extensions.code, path: errors[0]?.path, name: data?.organization?.name, status };
  return data.organization.subscription.invoices;
};
const read = ({ id, owner }: Subscribed, args = "") => page(id, owner.ask, args);
const calls = () => stripe.calls.filter(({ call }) => call === "GET /v1/invoices");

/** One more invoice of a subscription, `n` hours after the epoch. */
const invoice = ({ subscription }: Subscribed, n: number, rest: Partial<Invoice> = {}) =>
  stripe.invoice(subscription, stripe.priceOf(subscription), { created: n * 3600, ...rest });

test("invoices are listed newest first, in every state but draft, with a URL only if it is https", async () => {
  const [account, other] = [await billed.subscribed(), await billed.subscribed("ADVANCED")];
  stripe.bills.length = 0;
  invoice(account, 1, { url: "http://invoice.example/1" });
  invoice(account, 2, { status: "void", url: null });
  invoice(other, 3);
  invoice(account, 4, { status: "uncollectible", url: "javascript:alert(1)" });
  invoice(account, 5, { status: "open" });
  invoice(account, 6, { status: "draft" });
  const { nodes, pageInfo } = await read(account);
  const at = (hour: number, minute: number) => new Date((hour * 60 + minute) * 60_000).toISOString();
  expect(nodes).toMatchObject([
    { status: "OPEN", issuedAt: at(5, 1), paidAt: null, url: "https://invoice.example/1" },
    { status: "UNCOLLECTIBLE", issuedAt: at(4, 1), paidAt: null, url: null },
    { status: "VOID", issuedAt: at(2, 1), paidAt: null, url: null },
    { status: "PAID", issuedAt: at(1, 1), paidAt: at(1, 2), url: null },
  ]);
  for (const { id, number, totalCents } of nodes) {
    expect([number, totalCents]).toEqual([`CT-${id.slice("in_".length)}`, 5_900]);
  }
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  expect((await read(other)).nodes).toHaveLength(1);
});

test("invoices of an ended subscription stay in the list", async () => {
  const account = await billed.subscribed();
  stripe.change(account.subscription, { status: "canceled" });
  await billed.deliver(stripe.event("customer.subscription.deleted", account.customer));
  await account.becomes({ plan: { code: "STARTER" } });
  expect((await read(account)).nodes).toMatchObject([{ status: "PAID", totalCents: 5_900 }]);
});

test("pages skip drafts and have each invoice once; a page has twelve by default", async () => {
  const account = await billed.subscribed();
  stripe.bills.length = 0;
  for (let n = 1; n <= 40; n++) invoice(account, n, { status: n % 3 === 0 ? "draft" : "paid" });
  const expected = stripe.bills.filter(({ status }) => status !== "draft").map(({ id }) => id);
  expect((await read(account)).nodes).toHaveLength(12);
  expect((await read(account, "(first: null)")).nodes).toHaveLength(12);
  for (const first of [1, 5, 27, 100]) {
    const found: string[] = [];
    let after = "null";
    for (let isLast = false; !isLast; ) {
      const { nodes, pageInfo } = await read(account, `(first: ${first}, after: ${after})`);
      expect(pageInfo.hasPreviousPage).toBe(after !== "null");
      found.push(...nodes.map(({ id }: { id: string }) => id));
      isLast = !pageInfo.hasNextPage;
      if (!isLast) expect(nodes).toHaveLength(first);
      after = JSON.stringify(pageInfo.endCursor);
    }
    expect(found).toEqual([...expected].reverse());
  }
});

test("a page that meets hundreds of drafts ends early, with hasNextPage", async () => {
  const account = await billed.subscribed();
  for (let n = 1; n <= 310; n++) invoice(account, n, { status: "draft" });
  const { nodes, pageInfo } = await read(account, "(first: 100)");
  expect([nodes, pageInfo.hasNextPage, pageInfo.startCursor]).toEqual([[], true, null]);
  expect(calls()).toHaveLength(3);
  const next = await read(account, `(first: 100, after: "${pageInfo.endCursor}")`);
  expect([next.nodes.length, next.pageInfo.hasNextPage]).toEqual([1, false]);
});

test("foreign cursors and sizes out of range are refused without a call to Stripe", async () => {
  const [account, other] = [await billed.subscribed(), await billed.subscribed()];
  const { pageInfo } = await read(other);
  const { data } = await account.owner.ask(
    `{ organization(id: "${account.id}") { subscription { id } members { pageInfo { endCursor } } } }`,
  );
  const { subscription, members } = data.organization;
  const write = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
  stripe.calls.length = 0;
  for (const after of [
    ...["", "x", "in_1", members.pageInfo.endCursor, pageInfo.endCursor],
    ...[write("invoices", subscription.id, "sub_1"), write("invoices", subscription.id, 1)],
    ...[
      write("invoices", subscription.id, "in_1", "more"),
      write("invoices", subscription.id, `in_${"x".repeat(251)}`),
    ],
  ]) {
    expect(await read(account, `(after: ${JSON.stringify(after)})`)).toMatchObject({ code: "BAD_USER_INPUT" });
  }
  for (const first of [0, -1, 101]) {
    expect(await read(account, `(first: ${first})`)).toMatchObject({ code: "BAD_USER_INPUT" });
  }
  expect(calls()).toEqual([]);
  const gone = write("invoices", subscription.id, "in_unknown");
  expect(await read(account, `(after: "${gone}")`)).toMatchObject({ code: "BAD_USER_INPUT" });
  expect(stripe.refusals.splice(0)).toEqual([expect.stringMatching(/No such invoice/)]);
});

test("while Stripe is down, the field has its own error, and the rest of the answer is complete", async () => {
  const account = await billed.subscribed();
  // The service compiles a query that comes again. The compiled one does not ask Stripe a second time either.
  for (let n = 0; n < 2; n++) expect((await read(account)).nodes).toHaveLength(1);
  stripe.failAt = "GET /v1/invoices";
  expect(await read(account)).toEqual({
    ...{ code: "BILLING_UNAVAILABLE", path: ["organization", "subscription", "invoices"], name: "Acme", status: 200 },
  });
  stripe.failAt = "GET /v1/invoices";
  const { data } = await account.owner.ask(`{ organization(id: "${account.id}") { subscription { plan { code } } }
    again: organization(id: "${account.id}") { subscription { invoices { nodes { id } } } } }`);
  expect(data).toEqual({
    organization: { subscription: { plan: { code: "STANDARD" } } },
    again: { subscription: null },
  });
  expect((await read(account)).nodes).toHaveLength(1);
});

test("a customer unknown to Stripe has no invoices; an organization without a customer causes no call to Stripe", async () => {
  const account = await billed.subscribed();
  stripe.forgetCustomer(account.customer);
  expect((await read(account)).nodes).toEqual([]);
  expect(stripe.refusals.splice(0)).toEqual([expect.stringMatching(/No such customer/)]);
  await until(() => billed.isIdle());
  stripe.calls.length = 0;
  const free = await billed.account();
  expect(await page(free.id, free.owner.ask)).toEqual({
    ...{ nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } },
  });
  expect(stripe.calls).toEqual([]);
});

test("only Owners can read invoices: no other role, no stranger and no service", async () => {
  const account = await billed.subscribed("ADVANCED");
  const { data } = await account.owner.ask(`{ organization(id: "${account.id}") { subscription { id } } }`);
  const representations = [{ __typename: "OrganizationSubscription", id: data.organization.subscription.id }];
  const entity =
    "query($r: [_Any!]!) { _entities(representations: $r) { ... on OrganizationSubscription { invoices { nodes { id } } } } }";
  stripe.calls.length = 0;
  for (const role of ["ADMIN", "DEVELOPER", "VIEWER"] as const) {
    const member = await join(billed.service, account.owner, account.id, role);
    expect(await page(account.id, member.ask)).toMatchObject({ code: "FORBIDDEN" });
    expect((await member.ask(entity, { r: representations })).data._entities).toEqual([null]);
  }
  const stranger = await billed.service.person();
  expect((await stranger.ask(entity, { r: representations })).data._entities).toEqual([null]);
  const service = await billed.service.service("entities:read");
  const { errors, data: denied } = await service(entity, { r: representations });
  expect([denied._entities, errors?.[0]?.extensions.code]).toEqual([[null], "FORBIDDEN"]);
  expect(calls()).toEqual([]);
  expect((await account.owner.ask(entity, { r: representations })).data._entities[0].invoices.nodes).toHaveLength(1);
});

test("without a payment provider there are no invoices, and arguments are still checked", async () => {
  const service = await RunningService.start({}, { jobs: false });
  try {
    const owner = await service.person("Olga");
    const { data } = await owner.ask("{ viewer { memberships { organization { id } } } }");
    const { id } = data.viewer.memberships[0].organization;
    expect((await page(id, owner.ask)).nodes).toEqual([]);
    expect(await page(id, owner.ask, "(first: 0)")).toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await page(id, owner.ask, '(after: "x")')).toMatchObject({ code: "BAD_USER_INPUT" });
  } finally {
    await service.stop();
  }
});
