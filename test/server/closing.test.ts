import { EventEmitter, once } from "node:events";
import type { ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { Client } from "pg";
import { InFlight } from "../../src/server/operations/in-flight";
import { silentConnections } from "../../src/server/operations/silent-connections";
import { FakeMailer } from "../support/fake-mailer";
import { invite, organization } from "../support/live-organization";
import { RunningService } from "../support/service";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

test("a shutdown closes connections that have sent nothing or half a request", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const { port } = service.app;
  const open = async (text: string) => {
    const socket = net.connect(port, "127.0.0.1").on("error", () => undefined);
    await once(socket, "connect");
    if (text) await new Promise((resolve) => socket.write(text, resolve));
    return socket;
  };
  const sockets = [await open(""), await open("GET /healthz HT")];
  await service.ask(null)("{ plans { code } }");
  const closed = sockets.map((socket) => once(socket, "close"));
  await service.stop();
  await Promise.all(closed);
});

test("a shutdown stores when people were last seen", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const person = await service.person();
  await person.ask("{ viewer { id } }");
  const database = new Client({ connectionString: service.databaseUrl });
  await database.connect();
  await service.close();
  await database.query("UPDATE member SET last_seen_at = NULL");
  await service.replica({}, { jobs: false });
  await service.ask(person.token)("{ viewer { id } }");
  await service.close();
  expect((await database.query("SELECT FROM member WHERE last_seen_at IS NULL")).rowCount).toBe(0);
  await database.end();
  await service.stop();
});

test("a shutdown also closes connections that arrive during it and send nothing", async () => {
  const http = Fastify();
  await http.register(silentConnections);
  let late: Promise<unknown> | undefined;
  http.addHook("preClose", async () => {
    const socket = net.connect((http.server.address() as AddressInfo).port, "127.0.0.1").on("error", () => undefined);
    late = once(socket, "close");
    await late;
  });
  await http.listen({ port: 0, host: "127.0.0.1" });
  await http.close();
  await late;
});

test("without a running request, a shutdown does not wait for any", async () => {
  const inFlight = new InFlight();
  await inFlight.none(LONGEST_TIMER_MS);
  const response = new EventEmitter() as ServerResponse;
  inFlight.enter(response);
  const ended = inFlight.none(LONGEST_TIMER_MS);
  response.emit("close");
  await ended;
});

test("a shutdown waits for the last running request, and then for no timer", async () => {
  jest.useFakeTimers();
  try {
    const inFlight = new InFlight();
    const responses = [new EventEmitter(), new EventEmitter()] as ServerResponse[];
    for (const response of responses) inFlight.enter(response);
    let hasEnded = false;
    const ended = inFlight.none(60_000).then(() => {
      hasEnded = true;
    });
    responses[0]?.emit("close");
    await jest.advanceTimersByTimeAsync(59_999);
    expect(hasEnded).toBe(false);
    responses[1]?.emit("close");
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test("a shutdown does not touch connections that have ended or sent a request", async () => {
  const server = new EventEmitter();
  let close: () => Promise<void> = async () => undefined;
  const addHook = (_name: string, hook: typeof close) => {
    close = hook;
  };
  await silentConnections({ server, addHook } as unknown as FastifyInstance);
  const sockets = ["silent", "ended", "asking", "upgraded"].map((name) =>
    Object.assign(new EventEmitter(), { name, destroy: () => destroyed.push(name) }),
  );
  const destroyed: string[] = [];
  for (const socket of sockets) server.emit("connection", socket);
  sockets[1]?.emit("close");
  server.emit("request", { socket: sockets[2] });
  server.emit("upgrade", { socket: sockets[3] });
  await close();
  expect(destroyed).toEqual(["silent"]);
});

test("a job that outlasts the shutdown keeps its lock until then, and another process runs it immediately", async () => {
  const hanging = new FakeMailer();
  const sending = new Promise<void>((resolve) => {
    hanging.send = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  const service = await RunningService.start({ SHUTDOWN_GRACE_MS: "1000" }, { mailer: hanging });
  const database = new Client({ connectionString: service.databaseUrl });
  await database.connect();
  const owner = await service.person("Olga");
  await invite(owner, await organization(owner), "ivo@example.com");
  await sending;
  const locks = "FROM graphile_worker.jobs WHERE task_identifier = 'send-invitation' AND locked_at IS NOT NULL";
  const alive = `SELECT ${locks} AND locked_by IN (SELECT id FROM job_worker)`;
  while ((await database.query(alive)).rowCount === 0);
  await service.close();
  expect((await database.query(`SELECT ${locks}`)).rowCount).toBe(0);
  await service.replica();
  expect(await service.tokenFor("ivo@example.com")).not.toBe("");
  await database.end();
  await service.stop();
});
