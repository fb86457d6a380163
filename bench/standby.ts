import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { databaseDirectory } from "../test/support/database-directory";
import { ReplicatedPostgres } from "../test/support/standby";
import type { Floor } from "./support/floor";
import { type Load, printHead, printRow } from "./support/measure";
import { BenchedService } from "./support/service";
import { compare, processorTimeOf, type Side, startVariant } from "./support/variants";

const ROUNDS = Number(process.env.BENCH_STANDBY_ROUNDS ?? 20);
const ROUND_MS = 500;
/** A body in this many is a change. */
const CHANGE_EVERY = 20;
const BODIES = 200;

/**
 * The service with and without DATABASE_READ_URL, as processes of their own on one primary, in turns. All share this
 * machine, so a standby adds no processor: what it takes from the primary shows in the primary's processor time. Needs
 * `npm run build`, and /proc.
 */
export async function benchStandby({ aws }: BenchedService, _floor: Floor, load: Load): Promise<void> {
  const directory = databaseDirectory("bench-standby-");
  const postgres = await ReplicatedPostgres.start(directory, { isSynchronous: false });
  const service = await BenchedService.start(aws, { DATABASE_URL: postgres.primary.url });
  const sides = [
    await startVariant(service, { name: "without", environment: {} }),
    await startVariant(service, { name: "with", environment: { DATABASE_READ_URL: postgres.standbyUrl } }),
  ];
  try {
    const id = await service.organization();
    await service.fill(id, 50);
    await postgres.caughtUp();
    const processorTimes = {
      "processor time of the service": ({ child }: Side) => processorTimeOf(child.pid ?? 0) ?? 0,
      "processor time of the primary": primaryTime(path.join(directory, "primary")),
    };
    printHead("standby", ...sides.map(({ name }) => name));
    const work = { milliseconds: ROUND_MS };
    for (const [name, query] of Object.entries(requests(id))) {
      await service.ask(query);
      const before = await outcomes(sides[1]);
      await compare({ name, target: service.target(query), work, rounds: ROUNDS, processorTimes }, sides, load);
      printShare(name, before, await outcomes(sides[1]));
    }
    const target = service.target(Object.values(requests(id))[0] ?? "");
    const mixed = { bodies: bodies(service, id) };
    const before = await outcomes(sides[1]);
    const name = `pages and one change in ${CHANGE_EVERY} requests`;
    await compare({ name, target, work: mixed, rounds: ROUNDS / 2, processorTimes }, sides, load);
    printShare(name, before, await outcomes(sides[1]));
  } finally {
    for (const { child } of sides) child.kill();
    await service.stop();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function requests(id: string): Record<string, string> {
  return {
    "50 members with workspaces": `{ organization(id: "${id}") { id name viewerPermissions
      members(first: 50) { totalCount nodes { id role user { name email } workspaceAccess { role workspace { name } } } } } }`,
    "the audit log": `{ organization(id: "${id}") { auditLog(first: 20) { nodes { sequence type occurredAt } } } }`,
    "subscription and usage": `{ organization(id: "${id}") { subscription {
      status plan { code } usage { members { used } credits { used } } } } }`,
  };
}

function bodies(service: BenchedService, id: string): string[] {
  const pages = Object.values(requests(id));
  return Array.from({ length: BODIES }, (_, n) => {
    if (n % CHANGE_EVERY !== 0) return service.target(pages[n % pages.length] ?? "").body;
    const input = `{ organizationId: "${id}", name: "Bench ${n}" }`;
    return service.target(`mutation { updateOrganization(input: ${input}) { __typename } }`).body;
  });
}

type Outcomes = Record<"standby" | "behind" | "unusable", number>;

/** Where the reads of this side went that a standby may run. */
async function outcomes(side: Side | undefined): Promise<Outcomes> {
  const text = await (await fetch(`http://127.0.0.1:${side?.port}/metrics`)).text();
  const of = (outcome: string) =>
    Number(new RegExp(`^standby_reads{outcome="${outcome}"} (\\d+)`, "m").exec(text)?.[1]);
  return { standby: of("standby"), behind: of("behind"), unusable: of("unusable") };
}

function printShare(name: string, before: Outcomes, after: Outcomes): void {
  const of = (outcome: keyof Outcomes) => after[outcome] - before[outcome];
  const all = of("standby") + of("behind") + of("unusable");
  printRow(`${name}, share of the reads for standbys that one runs`, "–", all === 0 ? 0 : of("standby") / all);
}

/** Adds up the processor time of the server's processes. Those that have ended keep what they last had. */
function primaryTime(data: string): () => number {
  const times = new Map<number, number>();
  return () => {
    const postmaster = readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n")[0] ?? "";
    const children = execFileSync("ps", ["--ppid", postmaster, "-o", "pid="], { encoding: "utf8" }).trim().split(/\s+/);
    for (const pid of children.map(Number)) times.set(pid, processorTimeOf(pid) ?? times.get(pid) ?? 0);
    return [...times.values()].reduce((total, time) => total + time, 0);
  };
}
