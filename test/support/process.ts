import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "./free-port";
import { aMoment } from "./moment";

interface GraphQLResponse {
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  data: any;
  errors?: Array<{ message: string; extensions?: { code: string; requestId?: string } }>;
}

const ROOT = path.join(__dirname, "..", "..");

const running = new Set<ChildProcess>();

/** Kills the processes of a failed test. */
export function killRemainingProcesses(): void {
  for (const child of running) child.kill("SIGKILL");
}

interface Launch {
  /** The limit of open files and connections. */
  files?: number;
  /** Runs `npm start` in a separate process group. */
  byNpm?: boolean;
}

/** The program and arguments of an npm script, to run the script without npm. */
export function npmScript(
  name: "start" | "migrate" | "keys:rotate" | "doctor" | "restored" | "audit:verify",
): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  return scripts[name].replace(/^exec node/, process.execPath).split(" ");
}

function launch(
  environment: Record<string, string>,
  errors: "inherit" | "pipe",
  { files, byNpm = false }: Launch = {},
): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const command = byNpm ? ["npm", "start"] : npmScript("start");
  const limited = ["/bin/sh", "-c", `ulimit -n ${files}; exec "$@"`, "sh", ...command];
  const [program = "", ...args] = files ? limited : command;
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: byNpm,
    // A deprecated call in any package ends the process, and so fails the test.
    env: { PATH, HOME, PORT: "0", LOG_LEVEL: "warn", NODE_OPTIONS: "--throw-deprecation", ...environment },
    stdio: ["ignore", "pipe", errors],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += String(chunk);
      const port = /localhost:(\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    });
    child.once("exit", () => reject(new Error(`The service did not start: ${output}`)));
  });
}

/** The service as a separate process, started like an operator does. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(environment: Record<string, string>, how: Launch = {}): Promise<ServiceProcess> {
    const child = launch(environment, "inherit", how);
    const port = await portOf(child);
    const answer = await fetch(`http://127.0.0.1:${port}/graphql?query={plans{code}}`, {
      headers: { "apollo-require-preflight": "1" },
    });
    await answer.json();
    return new ServiceProcess(child, port);
  }

  /** Starts a service that fails to start, and returns its error output. */
  static async fail(environment: Record<string, string>): Promise<string> {
    const child = launch(environment, "pipe");
    let output = "";
    child.stderr?.on("data", (chunk) => {
      output += String(chunk);
    });
    const [code] = await once(child, "close");
    if (code !== 1) throw new Error(`The service ended with ${code}: ${output}`);
    return output;
  }

  /** Starts the service without waiting for it. */
  static starting(environment: Record<string, string>): {
    signal(name: NodeJS.Signals): void;
    ended: Promise<unknown>;
  } {
    const child = launch(environment, "inherit");
    const ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
    return { signal: (name) => child.kill(name), ended };
  }

  /** Sends SIGTERM at the first response, while other parts still start. Returns how the process ended. */
  static async endAtFirstResponse(environment: Record<string, string>): Promise<{ code: unknown; signal: unknown }> {
    const port = await freePort();
    const child = launch({ ...environment, PORT: String(port) }, "inherit");
    const ended = once(child, "exit");
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      );
    while (!(await answers()) && child.exitCode === null) await aMoment();
    child.kill("SIGTERM");
    const [code, signal] = await ended;
    return { code, signal };
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Calls `notify` when the process has ended, for any reason. */
  onExit(notify: (how: string) => void): void {
    this.child.once("exit", (code, signal) => notify(signal ?? `with ${code}`));
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }> {
    const ended = this.ended();
    this.child.kill(signal);
    return await ended;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Sends a signal to its whole process group, as a terminal does. */
  signalGroup(name: NodeJS.Signals): void {
    process.kill(-this.pid, name);
  }

  async ended(): Promise<{ code: number | null; signal: string | null }> {
    const [code, killedBy] = await once(this.child, "exit");
    return { code: code as number | null, signal: killedBy as string | null };
  }

  async ask(token: string | null, query: string, variables: object = {}) {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLResponse;
  }
}
