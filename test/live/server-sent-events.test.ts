import { once } from "node:events";
import type { ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import Fastify from "fastify";
import type { Caller } from "../../src/context";
import { serveServerSentEvents } from "../../src/server/live/server-sent-events";
import { organization } from "../support/live-organization";
import { type Person, RunningService } from "../support/service";
import { silentLog } from "../support/world";

let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start();
  owner = await service.person("Olga");
  id = await organization(owner);
});
afterAll(() => service.stop());

const MEMBERSHIPS = "subscription($id: ID!) { membershipChanged(organizationId: $id) { cursor } }";

test("a subscription over plain HTTP is refused with the URL of the event streams", async () => {
  const answer = await owner.ask(MEMBERSHIPS, { id });
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
  expect(answer.errors?.[0]?.message).toContain("/graphql/stream");
});

test("an event stream requires JSON, the right accept header and a valid token", async () => {
  const ask = (headers: Record<string, string>, body: unknown = { query: "{ plans { code } }" }) =>
    fetch(`http://127.0.0.1:${service.app.port}/graphql/stream`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
      body: JSON.stringify(body),
    });
  for (const body of [null, 7, "x", [], {}]) expect((await ask({}, body)).status).toBe(400);
  expect((await ask({ "content-type": "text/plain" })).status).toBe(415);
  expect((await ask({ accept: "application/json" })).status).toBe(406);
  expect((await ask({ authorization: "Bearer x.y.z" })).status).toBe(401);
  expect(await (await ask({})).text()).toContain('"code":"STARTER"');
});

test("the headers of an event stream forbid proxies to buffer, cache or compress it", async () => {
  for (const [query, variables] of [
    [MEMBERSHIPS, { id }],
    ["{ plans { code } }", {}],
    ["{ nothing }", {}],
  ] as const) {
    const abort = new AbortController();
    const { headers, status } = await fetch(`http://127.0.0.1:${service.app.port}/graphql/stream`, {
      method: "POST",
      signal: abort.signal,
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        "accept-encoding": "gzip, br",
        authorization: `Bearer ${owner.token}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("content-encoding")).toBeNull();
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(headers.get("cache-control")?.split(", ")).toEqual(
      expect.arrayContaining(["no-cache", "no-store", "no-transform"]),
    );
    abort.abort();
  }
});

test("nothing is executed or kept for a client that leaves while it is signed in", async () => {
  const http = Fastify();
  const operate = jest.fn(async () => ({ data: {} }));
  let signIn = () => {};
  const signedIn = new Promise<void>((resolve) => {
    signIn = resolve;
  });
  let reached: (response: ServerResponse) => void = () => undefined;
  const signingIn = new Promise<ServerResponse>((resolve) => {
    reached = resolve;
  });
  const events = serveServerSentEvents(http, {
    operate,
    callerOf: () => ({}) as Caller,
    preHandler: (_request, { raw }) => {
      reached(raw);
      return signedIn;
    },
    log: silentLog,
  });
  await http.listen({ port: 0, host: "127.0.0.1" });
  const client = net.connect((http.server.address() as AddressInfo).port, "127.0.0.1");
  const body = JSON.stringify({ query: "mutation { x }" });
  const headers = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  client.write(`POST /graphql/stream HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
  const response = await signingIn;
  client.destroy();
  await once(response, "close");
  signIn();
  await new Promise((resolve) => setImmediate(resolve));
  events.close();
  expect(operate).not.toHaveBeenCalled();
  // The server would end a response that it has kept.
  expect(response.writableEnded).toBe(false);
  await http.close();
});
