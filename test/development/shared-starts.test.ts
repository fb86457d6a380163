import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { Client } from "pg";
import { SETUP_LOCK, startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";
import { aMoment } from "../support/moment";

const ROOT = path.join(__dirname, "..", "..");
let parent: string;
beforeEach(() => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), "shared-starts-"));
  fs.chmodSync(parent, 0o777);
});
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  fs.rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** A process that reads one command per line and responds to each with a line. */
const SCRIPT = `
  const { startEmbeddedPostgres } = require("./src/development/postgres/start-postgres");
  const { Client } = require("pg");
  const fs = require("node:fs");
  const directory = process.argv[1];
  let postgres, files = [];
  const ask = async (text) => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query(text).finally(() => client.end());
    return JSON.stringify(rows);
  };
  const exhaust = () => {
    try { for (;;) files.push(fs.openSync("/dev/null", "r")); } catch (error) { return error.code; }
  };
  const release = () => { for (const file of files.splice(0)) fs.closeSync(file); return "released"; };
  const tasks = {
    start: async () => { postgres = await startEmbeddedPostgres({ directory, report: (line) => said.push(line) }); return "started"; },
    stop: async () => { await postgres.stop(); return "stopped"; },
    answers: () => ask("SELECT 1 AS one"),
    exhaust, release,
    looks: () => new Promise((resolve) => {
      let looks = 0;
      onFailedLook = () => ++looks === 3 && resolve(JSON.stringify(said));
    }),
  };
  const said = [];
  const read = fs.readFileSync;
  let onFailedLook = () => undefined;
  fs.readFileSync = (...parts) => {
    try { return read(...parts); } catch (error) { if (error.code === "EMFILE") onFailedLook(); throw error; }
  };
  process.on("uncaughtException", (error) => { process.stdout.write("CRASHED " + error.message + "\\n"); });
  require("node:readline").createInterface({ input: process.stdin }).on("line", async (line) => {
    const answer = await Promise.resolve().then(tasks[line]).catch((error) => "FAILED " + error.message.replaceAll("\\n", " "));
    process.stdout.write(answer + "\\n");
  });
  process.stdout.write("ready\\n");`;

interface Starter {
  child: ChildProcess;
  send(word: string): Promise<string>;
}

async function starter(directory: string, files?: number): Promise<Starter> {
  const node = [process.execPath, "-r", "@swc-node/register", "-e", SCRIPT, directory];
  const limited = ["/bin/sh", "-c", `ulimit -n ${files}; exec "$@"`, "sh", ...node];
  const [program = "", ...args] = files ? limited : node;
  const child = spawn(program, args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  expect(await next()).toBe("ready");
  const send = async (word: string) => {
    child.stdin.write(`${word}\n`);
    return await next();
  };
  return { child, send };
}

const pidIn = (directory: string) => fs.readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n")[0];

/** An existing directory whose server is down: shut down properly, or killed so that its files remain. */
async function prepare(directory: string, how: "stopped" | "killed"): Promise<void> {
  const { child, send } = await starter(directory);
  expect(await send("start")).toBe("started");
  if (how === "stopped") expect(await send("stop")).toBe("stopped");
  const pid = how === "killed" ? pidIn(directory) : undefined;
  const watchdog = pid && fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[3];
  if (watchdog) process.kill(Number(watchdog), "SIGKILL");
  child.kill("SIGKILL");
  await once(child, "exit");
  if (pid) process.kill(Number(pid), "SIGKILL");
}

test.each(["stopped", "killed"] as const)(
  "processes that start at the same time on a directory whose server was %s all run",
  async (how) => {
    const directory = path.join(parent, how);
    await prepare(directory, how);
    const starters = await Promise.all([1, 2, 3].map(() => starter(directory)));
    expect(await Promise.all(starters.map(({ send }) => send("start")))).toEqual(Array(3).fill("started"));
    expect(await Promise.all(starters.map(({ send }) => send("answers")))).toEqual(Array(3).fill('[{"one":1}]'));
    for (const { send } of starters) expect(await send("stop")).toBe("stopped");
  },
);

test("a start waits for another one that is changing the role, and causes no conflict", async () => {
  const options = { directory: path.join(parent, "turns"), report: () => undefined };
  const first = await startEmbeddedPostgres(options);
  const admin = {
    host: options.directory,
    port: Number(new URL(first.url).port),
    user: "postgres",
    database: "postgres",
  };
  const [other, looker] = [new Client(admin), new Client(admin)];
  await Promise.all([other.connect(), looker.connect()]);
  // Like another process that stopped halfway.
  await other.query("SELECT pg_advisory_lock($1)", [SETUP_LOCK]);
  await other.query("BEGIN");
  await other.query("ALTER ROLE organizations LOGIN");
  const starting = startEmbeddedPostgres(options);
  const outcome = Promise.allSettled([starting]);
  const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  while ((await looker.query(waiting)).rows.length === 0) await aMoment();
  await other.query("COMMIT");
  await Promise.all([other.end(), looker.end()]);
  expect(await outcome).toMatchObject([{ status: "fulfilled", value: { adopted: true, url: first.url } }]);
  await (await starting).stop();
  await first.stop();
});

test("a process that shares another's server leaves it running when it ends", async () => {
  const directory = path.join(parent, "shared");
  const [owner, guest] = [await starter(directory), await starter(directory)];
  await owner.send("start");
  const pid = pidIn(directory);
  expect(await guest.send("start")).toBe("started");
  expect(await guest.send("stop")).toBe("stopped");
  expect(pidIn(directory)).toBe(pid);
  expect(await owner.send("answers")).toBe('[{"one":1}]');
  await owner.send("stop");
});

test("a process without free file descriptors does not conclude that the server is down", async () => {
  const directory = path.join(parent, "exhausted");
  const { send } = await starter(directory, 200);
  expect(await send("start")).toBe("started");
  const pid = pidIn(directory);
  expect(await send("exhaust")).toBe("EMFILE");
  // It checks the server three times without success, and reports nothing.
  expect(await send("looks")).toBe("[]");
  expect(await send("release")).toBe("released");
  expect(await send("answers")).toBe('[{"one":1}]');
  expect(pidIn(directory)).toBe(pid);
  await send("stop");
});
