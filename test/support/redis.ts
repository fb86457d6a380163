import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { DatabaseProxy } from "./database-proxy";
import { freePort } from "./free-port";

/** .ci/run installs Redis and requires these tests. Elsewhere they run if Redis is installed. */
export const hasRedis = process.env.REQUIRE_REDIS !== undefined || isInstalled("redis-server");

/** A Redis server behind an address that stays the same when another server replaces it. */
export class Redis {
  private constructor(
    private readonly line: DatabaseProxy,
    private child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Redis> {
    const [line, { child, url }] = [await DatabaseProxy.open(), await redisServer()];
    return new Redis(line, child, line.url(url));
  }

  stop(): void {
    this.child.kill("SIGKILL");
    this.line.cut();
  }

  close(): void {
    this.stop();
    this.line.close();
  }

  async restart(): Promise<void> {
    const { child, url } = await redisServer();
    this.child = child;
    this.line.target = new URL(url);
  }
}

/** Tries other ports until one is still free when the server takes it. */
async function redisServer(): Promise<{ child: ChildProcess; url: string }> {
  for (;;) {
    const port = await freePort();
    const options = ["--port", String(port), "--save", "", "--bind", "127.0.0.1"];
    const child = spawn("redis-server", options, { stdio: "pipe" });
    let output = "";
    const isReady = await new Promise<boolean>((resolve) => {
      child.stdout?.on("data", (chunk) => {
        output += chunk;
        if (output.includes("Ready to accept")) resolve(true);
      });
      child.once("exit", () => resolve(false));
    });
    if (isReady) return { child, url: `redis://127.0.0.1:${port}` };
    if (!output.includes("Address already in use")) throw new Error(`redis-server ended: ${output}`);
  }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
