import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Which of the two servers is measured. */
export type Side = "service" | "floor";

/** A socket to open, and its subscription. */
export interface Socket {
  port: number;
  isBare: boolean;
  topic: string;
  token?: string;
  query?: string;
  variables?: object;
  /** Stops reading once it has subscribed. */
  stalls?: boolean;
}

/** Milliseconds from commits to clients. `last` is the median of the time until an event's last subscriber has it. */
export interface Delays {
  p50: number;
  p99: number;
  last: number;
  count: number;
}

/** The clients, in a process of their own so that they are not measured with the server. */
export class Subscribers {
  private readonly process = fork(path.join(__dirname, "clients.js"), { execArgv: [] });

  open(sockets: Socket[], atOnce?: number): Promise<void> {
    return this.ask("open", { sockets, atOnce });
  }

  /** Waits until every reading subscriber of one side has `count` messages. Returns the time, in milliseconds. */
  received(side: Side, count: number): Promise<number> {
    return this.ask("received", { side, count });
  }

  /** The delays of the messages since the last call. `commits` are the commit times of each topic. */
  delays(side: Side, commits: Record<string, number[]>): Promise<Delays> {
    return this.ask("delays", { side, commits });
  }

  /** Resumes the stalled subscribers. Returns the codes with which their sockets were closed. */
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
