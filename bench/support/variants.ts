import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../test/support/free-port";
import { npmScript } from "../../test/support/process";
import { type Load, median, printRow, type Target, type Work } from "./measure";
import type { BenchedService } from "./service";

const WARM_UP_MS = 3_000;

/** A configuration of the service. */
export interface Variant {
  name: string;
  environment: Record<string, string>;
  /** Another built checkout, such as one from before a change. */
  root?: string;
}

/** A variant that runs as a process of its own. */
export interface Side {
  name: string;
  child: ChildProcess;
  port: number;
}

export async function startVariant({ databaseUrl, directory }: BenchedService, variant: Variant): Promise<Side> {
  const { name, environment, root } = variant;
  const [program = "", ...args] = npmScript("start");
  const port = await freePort();
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program, args, {
    cwd: root ?? path.join(__dirname, "..", ".."),
    env: { PATH, HOME, PORT: String(port), DATABASE_URL: databaseUrl, DATA_DIR: directory, ...environment },
    stdio: "ignore",
  });
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`The service '${name}' did not start: run npm run build.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name, child, port };
}

/** Measures one kind of request on all sides in turns, in `rounds` rounds. */
export interface Comparison {
  name: string;
  target: Target;
  work: Work;
  rounds: number;
  /** Processor times in milliseconds, which only grow. */
  processorTimes: Record<string, (side: Side) => number>;
}

/** Each round has its own ratios to the first side, so that noise affects all sides equally. */
export async function compare(comparison: Comparison, sides: readonly Side[], load: Load): Promise<void> {
  const { name, target, work, rounds, processorTimes } = comparison;
  const at = ({ port }: Side) => ({ ...target, port });
  for (const side of sides) await load.run(at(side), { milliseconds: WARM_UP_MS });
  const measured: Array<Array<Record<string, number>>> = [];
  for (let n = 0; n < rounds; n++) {
    const round: Array<Record<string, number>> = [];
    for (let k = 0; k < sides.length; k++) {
      const index = (n + k) % sides.length;
      const side = sides[index] as Side;
      const read = () => Object.values(processorTimes).map((time) => time(side));
      const [before, startedAt] = [read(), performance.now()];
      const { perSecond } = await load.run(at(side), work);
      const requests = (perSecond * (performance.now() - startedAt)) / 1000;
      const used = read().map((time, each) => (time - (before[each] ?? 0)) / requests);
      const times = Object.keys(processorTimes).map((key, each) => [key, used[each] ?? 0] as const);
      round[index] = { "requests/s": perSecond, ...Object.fromEntries(times) };
    }
    measured.push(round);
  }
  for (const figure of ["requests/s", ...Object.keys(processorTimes)]) {
    const ratio = (index: number) =>
      median(measured.map((round) => (round[index]?.[figure] ?? 0) / (round[0]?.[figure] || 1)));
    printRow(`${name}, ${figure} to "${sides[0]?.name}"`, ...sides.map((_, index) => ratio(index)));
  }
}

/** The processor time that all threads of a process have used; null if it has ended. Linux counts it in nanoseconds. */
export function processorTimeOf(pid: number): number | null {
  const threads = `/proc/${pid}/task`;
  try {
    const used = readdirSync(threads).map((id) =>
      Number(readFileSync(`${threads}/${id}/schedstat`, "utf8").split(" ")[0]),
    );
    return used.reduce((sum, each) => sum + each, 0) / 1e6;
  } catch {
    return null;
  }
}
