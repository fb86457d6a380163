import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Floor } from "./support/floor";
import { type Load, printHead } from "./support/measure";
import type { BenchedService } from "./support/service";
import { compare, processorTimeOf, type Side, startVariant, type Variant } from "./support/variants";

const ROUNDS = Number(process.env.BENCH_TRACES_ROUNDS ?? 100);
const ROUND_MS = 200;

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
  const sides = await Promise.all(variants.map((variant) => startVariant(service, variant)));
  try {
    const id = await service.organization();
    await service.fill(id, 50);
    printHead("traces", ...sides.map(({ name }) => name));
    const processorTimes = { "processor time": ({ child }: Side) => processorTimeOf(child.pid ?? 0) ?? 0 };
    const how = { work: { milliseconds: ROUND_MS }, rounds: ROUNDS, processorTimes };
    for (const [name, query] of Object.entries(requests(id)))
      await compare({ name, target: service.target(query), ...how }, sides, load);
  } finally {
    for (const { child } of sides) child.kill();
    collector.disconnect();
  }
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
