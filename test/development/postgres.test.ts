import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../../src/development/postgres/start-postgres";

const ROOT = path.join(__dirname, "..", "..");
let parent: string;
beforeAll(() => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), "embedded-"));
  fs.chmodSync(parent, 0o777);
});
afterAll(() => fs.rmSync(parent, { recursive: true, force: true }));

const start = (name: string) => startEmbeddedPostgres({ directory: path.join(parent, name), report: () => undefined });

async function ask<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** The result of a query once the server accepts connections again. */
async function answered(url: string, text = "SELECT 1 AS one"): Promise<unknown[]> {
  for (;;) {
    const rows = await ask(url, text).catch(() => null);
    if (rows) return rows;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("two servers run at the same time, each with a role that is not a superuser", async () => {
  const [a, b] = await Promise.all([start("a"), start("b")]);
  for (const { url } of [a, b]) {
    expect(await ask(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    await expect(ask(Object.assign(new URL(url), { password: "guessed" }).href, "SELECT 1")).rejects.toThrow(
      "password",
    );
    expect(await ask(url, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")).toEqual([
      { rolsuper: false, rolcreatedb: false },
    ]);
  }
  expect(a.url).not.toBe(b.url);
  await Promise.all([a.stop(), b.stop()]);
});

test("commits survive a kill of the process, and a stale pid file does not prevent a start", async () => {
  const directory = path.join(parent, "killed");
  const script = `
    const { startEmbeddedPostgres } = require("./src/development/postgres/start-postgres");
    const { Client } = require("pg");
    startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, report() {} }).then(async ({ url }) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query("CREATE TABLE kept (n int)");
      await client.query("INSERT INTO kept VALUES (42)");
      process.kill(process.pid, "SIGKILL");
    });`;
  const child = spawn(process.execPath, ["-r", "@swc-node/register", "-e", script], { cwd: ROOT, stdio: "inherit" });
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
  const again = await start("killed");
  expect(await ask(again.url, "SELECT n FROM kept")).toEqual([{ n: 42 }]);
  await again.stop();
  fs.writeFileSync(path.join(directory, "postmaster.pid"), `${process.pid}\n${directory}\n1\n1\n\n\n\nready\n`);
  const third = await start("killed");
  expect(third.adopted).toBe(false);
  await third.stop();
});

test("a running server is reused", async () => {
  const first = await start("shared");
  const second = await start("shared");
  expect(second).toMatchObject({ adopted: true, url: first.url });
  await first.stop();
  // It starts again at the same address for the processes that share it.
  expect(await answered(second.url)).toEqual([{ one: 1 }]);
  await second.stop();
});

test("a server that is killed while the service runs is started again with its data", async () => {
  const postgres = await start("shot");
  await ask(postgres.url, "CREATE TABLE kept AS SELECT 1 AS one");
  const [pid] = fs.readFileSync(path.join(parent, "shot", "postmaster.pid"), "utf8").split("\n");
  process.kill(Number(pid), "SIGKILL");
  expect(await answered(postgres.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  await postgres.stop();
});

test("a directory with a long name works, although the path of a socket is limited", async () => {
  const postgres = await start("l".repeat(120));
  expect(await ask(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  // Connections by the socket are trusted, so only the server's account may enter its directory.
  const pidFile = fs.readFileSync(path.join(parent, "l".repeat(120), "postmaster.pid"), "utf8");
  expect(fs.statSync(pidFile.split("\n")[4] ?? "").mode & 0o777).toBe(0o700);
  await postgres.stop();
});
