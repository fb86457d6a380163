import { EVENT_TYPES } from "../../src/domain/events";
import { writeCursor } from "../../src/store/page";
import { organization } from "../support/live-organization";
import { type Ask, type Person, RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";
import { QUERY, SUBSCRIPTION } from "./support/service-events";

let service: RunningService;
let reader: Ask;
let token: string;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start();
  reader = await service.service("events:read");
  token = await service.issuer.issueForService("reader", ["events:read"]);
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

describe("invalid input is refused without a read", () => {
  const cases = (): Array<[object, string]> => [
    [{ after: "" }, "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page."],
    [{ after: "nonsense" }, "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page."],
    [
      { after: "x".repeat(100_000) },
      "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page.",
    ],
    [
      { after: writeCursor("events", id, [3]) },
      "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page.",
    ],
    [
      { after: writeCursor("auditLog", id, [3]) },
      "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page.",
    ],
    [
      { after: cursorOf([2 ** 50, id, 1, [], null]) },
      "'after' is ahead of the log, which was restored to an earlier state. Start again without a cursor.",
    ],
    [{ types: [] }, "'types' is empty. Leave it out for all types."],
    [{ types: ["member.joined", "member.exploded"] }, "'types' has no event type at index 1."],
    [{ types: ["\0"] }, "'types' has no event type at index 0."],
  ];

  test("by the query", async () => {
    const sizes: Array<[object, string]> = [0, -1, 1001, 2 ** 31 - 1].map((first) => [
      { first },
      "'first' must be between 1 and 1,000.",
    ]);
    for (const [variables, message] of [...cases(), ...sizes]) {
      const { errors } = await reader(QUERY, variables);
      expect([variables, errors]).toMatchObject([variables, [{ message, extensions: { code: "BAD_USER_INPUT" } }]]);
    }
    for (const variables of [
      { after: null, first: null, types: null },
      { first: 1000, types: [...EVENT_TYPES] },
    ]) {
      expect((await reader(QUERY, variables)).data.organizationEvents).toMatchObject({ events: [] });
    }
  });

  test("by the subscription", async () => {
    for (const [variables, message] of cases()) {
      const subscription = subscribeBySocket(connect(service.app.port, token), SUBSCRIPTION, variables);
      await subscription.over();
      const { errors } = subscription.received[0] ?? {};
      expect([variables, errors]).toMatchObject([variables, [{ message, extensions: { code: "BAD_USER_INPUT" } }]]);
    }
  });

  test.each([
    ["a fraction", [1.5, "ID", 1, [], null]],
    ["a negative position", [-1, "ID", 1, [], null]],
    ["a position beyond exact numbers", [2 ** 53, "ID", 1, [], null]],
    ["text for a position", ["1", "ID", 1, [], null]],
    ["a sequence beyond an integer", [1, "ID", 2 ** 31, [], null]],
    ["no organization", [1, "nobody", 1, [], null]],
    ["transactions that are no list", [1, "ID", 1, 7, null]],
    ["transactions that are no numbers", [1, "ID", 1, ["1"], null]],
    ["transactions above the position", [1, "ID", 1, [2], null]],
    ["too many transactions", [99_999, "ID", 1, Array.from({ length: 10_001 }, (_, n) => n), null]],
    ["half of the unfinished part", [1, "ID", 1, [], [[1], 1]]],
    ["a key too few", [1, "ID"]],
    ["a key too many", [1, "ID", 1, [], null, 1]],
  ])("a cursor with %s", async (_, parts) => {
    const after = cursorOf(parts.map((part) => (part === "ID" ? id : part)));
    const { errors } = await reader(QUERY, { after });
    expect(errors).toMatchObject([
      { message: "'after' is not a cursor of organizationEvents. Use the cursor of an event or a page." },
    ]);
  });
});

function cursorOf(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(["organization-events", ...parts])).toString("base64url");
}

test("people and services without the scope are refused, by the query and over both transports", async () => {
  const others = [owner.token, await service.issuer.issueForService("other", ["entities:read", "permissions:read"])];
  for (const other of others) {
    expect((await service.ask(other)(QUERY)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    const socket = subscribeBySocket(connect(service.app.port, other), SUBSCRIPTION);
    const stream = await subscribeByEvents(service.app.port, other, SUBSCRIPTION);
    for (const subscription of [socket, stream]) {
      await subscription.over();
      expect(subscription.received[0]?.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    }
  }
  expect((await service.ask(null)(QUERY)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
});
