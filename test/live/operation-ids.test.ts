import type { ExecutionResult } from "graphql";
import WebSocket from "ws";
import { complete, type Operation, openSocket, subscribe } from "./support/protocol-client";
import { ProtocolServer } from "./support/protocol-server";

const server = new ProtocolServer();
beforeAll(() => server.start());
beforeEach(() => server.reset());
afterAll(() => server.stop());

test.each([1, 2, 3])(
  "an id that is reused %i times before an operation has started belongs to the last one",
  async (n) => {
    const { send, settled, about, socket } = await openSocket(server.port);
    for (let i = 0; i < n; i++) send(subscribe("1"), complete("1"));
    send(subscribe("1"));
    const all = await server.received(n + 1);
    const last = all[n] as Operation;
    // The oldest operation starts last.
    for (const each of [...all].reverse()) {
      if (each === last) await each.begin();
      else each.start(each);
    }
    await settled();
    expect(all.map(({ isReturned }) => isReturned)).toEqual([...Array(n).fill(true), false]);
    for (const each of all) each.push("one");
    await settled();
    expect(about("1")).toEqual([{ id: "1", type: "next", payload: { data: { event: "one" } } }]);
    send(complete("1"));
    await settled();
    expect(last.isReturned).toBe(true);
    for (const each of all) each.push("two");
    await settled();
    expect(about("1")).toHaveLength(1);
    socket.close();
  },
);

test("an operation that is completed while it starts sends no result, no error and no end", async () => {
  const { send, settled, messages, socket } = await openSocket(server.port);
  send(subscribe("a", "{ result }"), subscribe("b"), subscribe("c"), complete("a"), complete("b"), complete("c"));
  const [result, failure, stream] = (await server.received(3)) as [Operation, Operation, Operation];
  await settled();
  result.start({ data: { x: 1 } });
  failure.start({ errors: [{ message: "no" }] } as unknown as ExecutionResult);
  stream.start(stream);
  await settled();
  expect(stream.isReturned).toBe(true);
  expect(messages.filter(({ id }) => id)).toEqual([]);
  socket.close();
});

test("a result of a completed operation is not sent as a result of the next one with its id", async () => {
  const { send, settled, about, socket } = await openSocket(server.port);
  send(subscribe("1", "{ first }"), complete("1"), subscribe("1", "{ second }"));
  const [first, second] = (await server.received(2)) as [Operation, Operation];
  first.start({ data: { from: "first" } });
  await settled();
  expect(about("1")).toEqual([]);
  second.start({ data: { from: "second" } });
  await settled();
  expect(about("1")).toEqual([
    { id: "1", type: "next", payload: { data: { from: "second" } } },
    { id: "1", type: "complete" },
  ]);
  socket.close();
});

test("an id is free as soon as its operation has ended, by itself or by an error", async () => {
  const { send, settled, about, socket } = await openSocket(server.port);
  send(subscribe("1"));
  const [first] = (await server.received(1)) as [Operation];
  await first.begin();
  // The client starts the next operation as soon as it receives the end.
  socket.on("message", (data) => {
    if (["complete", "error"].includes(JSON.parse(String(data)).type)) send(subscribe("1"));
  });
  first.end();
  const second = (await server.received(2))[1] as Operation;
  second.start({ errors: [{ message: "no" }] } as unknown as ExecutionResult);
  const third = (await server.received(3))[2] as Operation;
  await third.begin();
  third.push("goes on");
  await settled();
  expect(about("1").map(({ type }) => type)).toEqual(["complete", "error", "next"]);
  socket.close();
});

test("an id can be any text", async () => {
  const ids = ["__proto__", "constructor", '"', "\\", "1\n", "ü💥", "7", "x".repeat(10_000)];
  const { send, about, settled, socket } = await openSocket(server.port);
  send(...ids.map((id) => subscribe(id)));
  for (const each of await server.received(ids.length)) each.start({ data: { ok: true } });
  await settled();
  expect(ids.map((id) => about(id).map(({ type }) => type))).toEqual(ids.map(() => ["next", "complete"]));
  socket.close();
});

test("completing an unknown operation, or one that has ended, is allowed", async () => {
  const { send, settled, socket } = await openSocket(server.port);
  send(complete("never"), subscribe("1"), complete("1"), complete("1"));
  await settled();
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close();
});
