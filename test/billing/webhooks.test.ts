import { randomUUID } from "node:crypto";
import Stripe from "stripe";
import { BilledService } from "../support/billed-service";

let billed: BilledService;
let stripe: BilledService["stripe"];
beforeAll(async () => {
  billed = await BilledService.start();
  stripe = billed.stripe;
});
afterAll(() => billed.stop());

const services = () => billed.service.app.services;

test("without a payment provider there is no address for its events", async () => {
  const { port } = await billed.service.replica({}, { jobs: false });
  const url = `http://127.0.0.1:${port}/webhooks/stripe`;
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(404);
});

describe("events", () => {
  const send = (body: string, at = Date.now() / 1000) => {
    const timestamp = Math.floor(at);
    const secret = stripe.webhookSecret;
    return billed.deliver({
      body,
      signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }),
    });
  };
  const event = (id: unknown, object: unknown = { customer: "cus_1" }) =>
    JSON.stringify({ id, object: "event", type: "invoice.paid", data: { object } });
  const countOf = async (id: string) => {
    const text = "SELECT count(*)::int AS n FROM billing_event WHERE id = $1";
    return (await services().database.dataSource.query(text, [id]))[0].n;
  };

  test.each([
    [-301, 400],
    [-290, 200],
    [290, 200],
    [320, 400],
    [24 * 3600, 400],
  ])("signed %i seconds from now get status %i", async (seconds, status) => {
    const id = `evt_${randomUUID()}`;
    expect(await send(event(id), Date.now() / 1000 + seconds)).toBe(status);
    expect(await countOf(id)).toBe(status === 200 ? 1 : 0);
  });

  test.each([
    ["no id", undefined],
    ["null", null],
    ["a number", 7],
    ["an object", { id: "evt_1" }],
    ["nothing", ""],
    ["256 characters", "e".repeat(256)],
    ["a NUL", "evt_\u0000"],
    ["a line break", "evt_1\nevt_2"],
    ["a lone surrogate", "evt_\ud800"],
    ["letters of another alphabet", "evt_ж"],
  ])("with %s as their id are refused without a failure", async (_, id) => {
    expect(await send(event(id))).toBe(400);
  });

  test.each([
    ["255 characters", "e".repeat(255)],
    ["another prefix", "ev-1:a.b/c"],
  ])("with an id of %s are accepted once", async (_, id) => {
    expect([await send(event(id)), await send(event(id))]).toEqual([200, 200]);
    expect(await countOf(id)).toBe(1);
  });

  test.each([
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a text", '"evt_1"'],
    ["nothing", ""],
  ])("whose body is %s are refused", async (_, body) => expect(await send(body)).toBe(400));

  test.each([
    ["no data", JSON.stringify({ id: `evt_${randomUUID()}`, object: "v2.core.event", type: "v2.x" })],
    ["no type", JSON.stringify({ id: `evt_${randomUUID()}`, data: { object: {} } })],
    ["a null object", event(`evt_${randomUUID()}`, null)],
    ["a customer that is a number", event(`evt_${randomUUID()}`, { customer: 7 })],
    ["a customer with a NUL", event(`evt_${randomUUID()}`, { customer: "cus_\u0000" })],
    ["a customer that is shown whole", event(`evt_${randomUUID()}`, { customer: { id: "cus_x", object: "customer" } })],
  ])("with %s are accepted without an effect", async (_, body) => {
    expect(await send(body)).toBe(200);
    expect(await countOf(JSON.parse(body).id)).toBe(1);
  });

  test("that cannot be stored fail, so that Stripe sends them again", async () => {
    const id = `evt_${randomUUID()}`;
    const { dataSource } = services().database;
    await dataSource.query("ALTER TABLE billing_event RENAME TO hidden");
    const status = await send(event(id));
    await dataSource.query("ALTER TABLE hidden RENAME TO billing_event");
    expect(status).toBe(500);
    expect(await send(event(id))).toBe(200);
  });

  test("with a second time in the signature, or without one, are refused", async () => {
    const body = event(`evt_${randomUUID()}`);
    const secret = stripe.webhookSecret;
    const timestamp = Math.floor(Date.now() / 1000) + 4000;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
    const now = Math.floor(Date.now() / 1000);
    for (const header of [`t=${now},${signature}`, `${signature},t=${now}`, signature.replace(/t=\d+,/, "")]) {
      expect(await billed.deliver({ body, signature: header })).toBe(400);
    }
  });
});
