import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Which of the two servers is watched. */
export type Side = "service" | "floor";

/** One socket to be opened, and what it watches. */
export interface Socket {
  port: number;
  isBare: boolean;
  topic: string;
  token?: string;
  query?: string;
  variables?: object;
  /** It does not read. */
  stalls?: boolean;
}

/** Milliseconds from commits to clients; `last`: until the last watcher of an event had it, in the middle. */
export interface Delays {
  p50: number;
  p99: number;
  last: number;
  count: number;
}

/** The process of the clients, so that they are not measured with the server. */
export class Watchers {
  private readonly process = fork(path.join(__dirname, "clients.js"), { execArgv: [] });

  open(sockets: Socket[], atOnce?: number): Promise<void> {
    return this.ask("open", { sockets, atOnce });
  }

  /** Waits until all of one side that read have so many messages. Gives when that was. */
  told(side: Side, count: number): Promise<number> {
    return this.ask("told", { side, count });
  }

  /** How long after the commits, by topic, the messages came that have come since the last time. */
  delays(side: Side, commits: Record<string, number[]>): Promise<Delays> {
    return this.ask("delays", { side, commits });
  }

  /** Lets those read on who did not. Gives how they were closed. */
  resume(): Promise<number[]> {
    return this.ask("resume", {});
  }

  /** The last message of each socket. */
  last(): Promise<Array<{ topic: string; text: string }>> {
    return this.ask("last", {});
  }

  close(): Promise<void> {
    return this.ask("close", {});
  }

  stop(): void {
    this.process.kill();
  }

  private async ask<Answer>(command: string, input: object): Promise<Answer> {
    this.process.send({ command, input });
    const [{ answer, error }] = (await once(this.process, "message")) as [{ answer: Answer; error?: string }];
    if (error) throw new Error(error);
    return answer;
  }
}

/** The bare server, in a process of its own. */
export async function startBareServer(databaseUrl: string): Promise<{ port: number; pid: number; stop(): void }> {
  const child: ChildProcess = fork(path.join(__dirname, "bare-server.js"), [databaseUrl], { execArgv: [] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { port, pid: child.pid ?? 0, stop: () => child.kill() };
}

/** The memory that a process holds, in bytes. */
export function residentBytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) * 1024;
}

/** Milliseconds of the clock that all processes share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
