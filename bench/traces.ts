import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../test/support/free-port";
import { npmScript } from "../test/support/process";
import type { Floor } from "./support/floor";
import { type Load, median, printHead, printRow, type Target } from "./support/measure";
import type { BenchedService } from "./support/service";

const ROUNDS = Number(process.env.BENCH_TRACES_ROUNDS ?? 100);
const ROUND_MS = 200;
const WARM_UP_MS = 3_000;

interface Variant {
  name: string;
  environment: Record<string, string>;
  /** Another built checkout, such as one from before a change. */
  root?: string;
}

/**
 * The service with and without traces, as processes of their own on one database, in turns. "off again" shows the noise.
 * Processor time counts the service alone; requests per second also the collector, which shares the machine here.
 * BENCH_BASELINE is another checkout to compare with. Needs `npm run build`, and /proc.
 */
export async function benchTraces(service: BenchedService, _floor: Floor, load: Load): Promise<void> {
  const collector = fork(path.join(__dirname, "support", "collector.js"), { execArgv: [] });
  const [{ port }] = (await once(collector, "message")) as [{ port: number }];
  const exporting = (share: string) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: share,
  });
  const { BENCH_BASELINE: root } = process.env;
  const variants: Variant[] = [
    { name: "off", environment: {} },
    { name: "off again", environment: {} },
    ...(root ? [{ name: "baseline", environment: {}, root }] : []),
    { name: "none sampled", environment: exporting("0") },
    { name: "10 %", environment: exporting("0.1") },
    { name: "all", environment: exporting("1") },
  ];
  const sides = await Promise.all(variants.map((variant) => start(service, variant)));
  try {
    const id = await service.organization();
    await service.fill(id, 50);
    printHead("traces", ...sides.map(({ name }) => name));
    for (const [name, query] of Object.entries(requests(id))) await compare(name, service.target(query), sides, load);
  } finally {
    for (const { child } of sides) child.kill();
    collector.disconnect();
  }
}

type Side = Awaited<ReturnType<typeof start>>;

async function start({ databaseUrl, directory }: BenchedService, { name, environment, root }: Variant) {
  const [program = "", ...args] = npmScript("start");
  const port = await freePort();
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program, args, {
    cwd: root ?? path.join(__dirname, ".."),
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

/** Each round has its own ratios to the first side, so that noise affects all sides equally. */
async function compare(name: string, target: Target, sides: readonly Side[], load: Load): Promise<void> {
  const at = ({ port }: Side) => ({ ...target, port });
  for (const side of sides) await load.run(at(side), { milliseconds: WARM_UP_MS });
  const rounds: Array<Array<{ perSecond: number; cpuMs: number }>> = [];
  for (let n = 0; n < ROUNDS; n++) {
    const measured: (typeof rounds)[number] = [];
    for (let k = 0; k < sides.length; k++) {
      const index = (n + k) % sides.length;
      const side = sides[index] as Side;
      const [before, startedAt] = [cpuMsOf(side), performance.now()];
      const { perSecond } = await load.run(at(side), { milliseconds: ROUND_MS });
      const requests = (perSecond * (performance.now() - startedAt)) / 1000;
      measured[index] = { perSecond, cpuMs: (cpuMsOf(side) - before) / requests };
    }
    rounds.push(measured);
  }
  const ratio = (key: "perSecond" | "cpuMs", index: number) =>
    median(rounds.map((round) => (round[index]?.[key] ?? 0) / (round[0]?.[key] || 1)));
  printRow(`${name}, requests/s to "off"`, ...sides.map((_, index) => ratio("perSecond", index)));
  printRow(`${name}, processor time to "off"`, ...sides.map((_, index) => ratio("cpuMs", index)));
}

/** The processor time that all threads of a process have used. Linux counts it in nanoseconds. */
function cpuMsOf({ child }: Side): number {
  const threads = `/proc/${child.pid}/task`;
  const used = readdirSync(threads).map((id) =>
    Number(readFileSync(`${threads}/${id}/schedstat`, "utf8").split(" ")[0]),
  );
  return used.reduce((sum, each) => sum + each, 0) / 1e6;
}

function requests(id: string): Record<string, string> {
  return {
    "permission check": `{ organizationPermissions(
      checks: [{ organizationId: "${id}", permission: EDIT_ORGANIZATION }]) { allowed reasons } }`,
    "organization page, 50 members": `{ organization(id: "${id}") { id name viewerPermissions
      members(first: 50) { nodes { id role joinedAt user { id name email }
        workspaceAccess { role source workspace { id name } } } } } }`,
  };
}
