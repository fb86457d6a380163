import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { killRemainingProcesses, ServiceProcess } from "../support/process";

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "organizations-connections-"));
  fs.chmodSync(directory, 0o777);
});
afterEach(killRemainingProcesses);
afterEach(() => fs.rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

/** One request on a keep-alive connection. */
function ask(port: number, agent: http.Agent): Promise<string> {
  const query = encodeURIComponent("{ plans { code } }");
  const headers = { "apollo-require-preflight": "1" };
  return new Promise((resolve, reject) => {
    const request = http.get(
      { port, host: "127.0.0.1", path: `/graphql?query=${query}`, headers, agent },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve(text);
      },
    );
    request.on("error", reject);
  });
}

test("with few file descriptors, the service refuses excess connections, serves the others, and recovers", async () => {
  const running = await ServiceProcess.start(
    { DATA_DIR: directory, SEED_DEMO: "false", LOG_LEVEL: "silent" },
    { files: 256 },
  );
  const pid = fs.readFileSync(path.join(directory, "postgres", "postmaster.pid"), "utf8").split("\n")[0];
  const reused = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const served = await ask(running.port, reused);
  expect(served).toContain("STARTER");
  const sockets = Array.from({ length: 400 }, () =>
    net.connect(running.port, "127.0.0.1").on("error", () => undefined),
  );
  const refused = new Set<net.Socket>();
  await Promise.all(
    sockets.map(async (socket) => {
      socket.once("close", () => refused.add(socket));
      await once(socket, "connect").catch(() => undefined);
    }),
  );
  // Refused connections are closed immediately, and descriptors must remain for everything else.
  while (refused.size < 400 - 256 + 64) await new Promise((resolve) => setImmediate(resolve));
  expect(refused.size).toBeLessThan(400);
  for (let round = 0; round < 5; round++) expect(await ask(running.port, reused)).toBe(served);
  for (const socket of sockets) socket.destroy();
  const afresh = () => ask(running.port, new http.Agent()).catch(() => null);
  let answer = await afresh();
  while (answer === null) answer = await afresh();
  expect(answer).toBe(served);
  expect(fs.readFileSync(path.join(directory, "postgres", "postmaster.pid"), "utf8").split("\n")[0]).toBe(pid);
  reused.destroy();
  expect(await running.end("SIGTERM")).toEqual({ code: 0, signal: null });
});
