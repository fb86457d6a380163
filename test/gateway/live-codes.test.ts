import { parse } from "graphql";
import WebSocket from "ws";
import { startGateway } from "../../examples/gateway/start-gateway";
import type { App } from "../../src/app";
import { createClient } from "../../web/src/graph/create-client";
import { begunStreams } from "../support/begun-streams";
import { onlyToken } from "../support/client-tokens";
import { DatabaseProxy } from "../support/database-proxy";
import { join, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { RunningService } from "../support/service";
import {
  connect,
  type StreamResult,
  subscribeByEvents,
  subscribeBySocket,
  type TestSubscription,
} from "../support/test-subscription";

const SECRET = "the-secret-of-the-gateway";
let service: RunningService;
let gateway: Awaited<ReturnType<typeof startGateway>>;
/** An address that stays the same while the service behind it restarts. */
let line: DatabaseProxy;
/** The service behind the gateway; another one serves the test's own requests. */
let app: App;
beforeAll(async () => {
  service = await RunningService.start({ GATEWAY_SECRETS: SECRET });
  app = await service.replica({ GATEWAY_SECRETS: SECRET });
  line = await DatabaseProxy.open();
  const organizationsUrl = line.url(`http://127.0.0.1:${app.port}/graphql`);
  gateway = await startGateway({ port: 0, organizationsUrl, gatewaySecret: SECRET });
});
afterAll(async () => {
  await gateway.stop();
  line.close();
  await service.stop();
});

const MEMBERS = `subscription($id: ID!, $after: String) { membershipChanged(organizationId: $id, after: $after) {
  cursor change member { workspaceAccess { workspace { mayRunAgents } } } } }`;
const INVITATIONS = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor change } }";

const codeOf = (received: StreamResult[]) => received.at(-1)?.errors?.[0]?.extensions.code;
const messageOf = (received: StreamResult[]) => received.at(-1)?.errors?.[0]?.message;

describe.each(["WebSocket", "event stream"] as const)("by %s through the gateway", (transport) => {
  async function subscribe(token: string | null, query: string, variables: object): Promise<TestSubscription> {
    const port = Number(new URL(gateway.url).port);
    if (transport === "WebSocket") return subscribeBySocket(connect(port, token), query, variables);
    return await subscribeByEvents(port, token, query, variables, "/graphql");
  }

  /** A subscription that has started at the service. */
  async function begun(token: string, query: string, variables: object): Promise<TestSubscription> {
    const { live } = app;
    const before = begunStreams(live);
    const subscription = await subscribe(token, query, variables);
    while (begunStreams(live) === before) {
      if (subscription.isOver) throw new Error(JSON.stringify(subscription.received));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return subscription;
  }

  test.each([
    ["nobody", "UNAUTHENTICATED"],
    ["a person whose token has expired", "UNAUTHENTICATED"],
    ["a person with an invalid token", "UNAUTHENTICATED"],
    ["a stranger", "NOT_FOUND"],
    ["a member without the right", "FORBIDDEN"],
  ])("%s is refused with %s", async (who, code) => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const person = { id: "test|late", email: "late@example.com", emailVerified: true, name: "Late" };
    const token = {
      nobody: null,
      "a person whose token has expired": await service.issuer.issue(person, "-1h"),
      "a person with an invalid token": "no.token.atall",
      "a stranger": (await service.person()).token,
      "a member without the right": who.startsWith("a member")
        ? (await join(service, owner, id, "VIEWER")).token
        : null,
    }[who];
    const received = await (await subscribe(token ?? null, INVITATIONS, { id })).over();
    expect(codeOf(received)).toBe(code);
    expect(messageOf(received)).not.toBe("The gateway failed.");
  });

  test("an invalid cursor is BAD_USER_INPUT", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    expect(codeOf(await (await subscribe(owner.token, MEMBERS, { id, after: "wrong" })).over())).toBe("BAD_USER_INPUT");
  });

  test("a stream that loses its right ends with FORBIDDEN", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const { token, memberId } = await join(service, owner, id, "ADMIN");
    const subscription = await begun(token, INVITATIONS, { id });
    await owner.ask(
      `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${memberId}", role: VIEWER }) { __typename } }`,
    );
    expect(codeOf(await subscription.over())).toBe("FORBIDDEN");
  });

  test("a stream whose token expires ends with UNAUTHENTICATED", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const identity = { id: owner.id, email: owner.email, emailVerified: true, name: "Olga" };
    const subscription = await subscribe(await service.issuer.issue(identity, "3s"), MEMBERS, { id });
    expect(codeOf(await subscription.over())).toBe("UNAUTHENTICATED");
  });

  test("too many streams are RATE_LIMITED", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const streams: TestSubscription[] = [];
    for (let n = 0; n < 100; n++) streams.push(await begun(owner.token, INVITATIONS, { id }));
    const received = await (await subscribe(owner.token, INVITATIONS, { id })).over();
    expect(codeOf(received)).toBe("RATE_LIMITED");
    for (const stream of streams) (stream as TestSubscription & { stop(): void }).stop();
    while (app.live.size > 0) await aMoment();
  });

  test.each(["goes away", "is killed"])(
    "a service that %s ends streams with UNAVAILABLE, and they can resume after the cursor",
    async (how) => {
      const owner = await service.person("Olga");
      const id = await organization(owner);
      const subscription = await begun(owner.token, MEMBERS, { id });
      await join(service, owner, id, "VIEWER");
      const [event] = await subscription.count(1);
      const { target } = line;
      if (how === "is killed") line.cut();
      else {
        const next = await service.replica({ GATEWAY_SECRETS: SECRET });
        await app.close();
        app = next;
      }
      const received = await subscription.over();
      expect(codeOf(received)).toBe("UNAVAILABLE");
      expect(messageOf(received)).toMatch(/Subscribe again.*after/);
      expect(received.at(-1)?.errors?.[0]?.extensions).toMatchObject({ retryAfterSeconds: expect.any(Number) });
      const down = await (await subscribe(owner.token, MEMBERS, { id })).over();
      expect(codeOf(down)).toBe("UNAVAILABLE");
      line.target = how === "is killed" ? target : new URL(`http://127.0.0.1:${app.port}/graphql`);
      await join(service, owner, id, "VIEWER");
      const again = await begun(owner.token, MEMBERS, { id, after: event?.data.membershipChanged.cursor });
      const [missed] = await again.count(1);
      expect(missed?.data.membershipChanged.change).toBe("JOINED");
      (again as TestSubscription & { stop(): void }).stop();
      while (app.live.size > 0) await aMoment();
    },
  );
});

test("the example client reconnects after a restart of the service behind the gateway, and misses nothing", async () => {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const client = createClient({ url: gateway.url, tokens: onlyToken(owner.token), webSocket: WebSocket });
  const seen: string[] = [];
  let resume = () => {};
  const subscription = client
    .subscribe<{ membershipChanged: { change: string } }>({ query: parse(MEMBERS), variables: { id } })
    .subscribe(({ data, error }) => {
      seen.push(data?.membershipChanged.change ?? String(error));
      resume();
    });
  const until = async (count: number) => {
    while (seen.length < count) {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    }
  };
  while (app.live.size === 0) await aMoment();
  await join(service, owner, id, "VIEWER");
  await until(1);
  await app.close();
  await join(service, owner, id, "VIEWER");
  app = await service.replica({ GATEWAY_SECRETS: SECRET });
  line.target = new URL(`http://127.0.0.1:${app.port}/graphql`);
  await join(service, owner, id, "VIEWER");
  await until(3);
  expect(seen).toEqual(["JOINED", "JOINED", "JOINED"]);
  subscription.unsubscribe();
  client.stop();
});
