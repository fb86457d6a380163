import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";

/** Where requests are sent. */
export interface Target {
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** One round's outcome: answers per second, and the time to an answer in milliseconds. */
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
}

const ROUNDS = 5;
const ROUND_MS = 2_000;
const WARM_UP_MS = 2_000;

export type Work = { milliseconds: number } | { bodies: readonly string[] };

/** The process that sends the load, so that the server's own is not measured with it. */
export class Load {
  private readonly process: ChildProcess = fork(path.join(__dirname, "load.js"), { execArgv: [] });

  run(target: Target, work: Work): Promise<Measured> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error("The load process ended."));
      this.process.once("exit", ended);
      this.process.once("message", (measured) => {
        this.process.off("exit", ended);
        resolve(measured as Measured);
      });
      this.process.send({ target, work });
    });
  }

  stop(): void {
    this.process.removeAllListeners("exit");
    this.process.kill();
  }
}

/** Measures the targets in turns, so that noise affects all alike. Returns the medians for each. */
export async function alternate(load: Load, targets: readonly Target[]): Promise<Measured[]> {
  for (const target of targets) await load.run(target, { milliseconds: WARM_UP_MS });
  const rounds = targets.map((): Measured[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, target] of targets.entries()) {
      rounds[index]?.push(await load.run(target, { milliseconds: ROUND_MS }));
    }
  }
  return rounds.map(medians);
}

/** The median of several rounds, for each figure. */
export function medians(rounds: readonly Measured[]): Measured {
  const of = (key: keyof Measured) => median(rounds.map((round) => round[key]));
  return { perSecond: of("perSecond"), p50: of("p50"), p99: of("p99") };
}

/** The median. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Starts a table. */
export function printHead(...columns: string[]): void {
  print("");
  printRow(...columns);
  printRow(...columns.map(() => "---"));
}

/** Adds a row to it. */
export function printRow(...cells: Array<string | number>): void {
  print(`| ${cells.map((cell) => (typeof cell === "number" ? figure(cell) : cell)).join(" | ")} |`);
}

function figure(value: number): string {
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
