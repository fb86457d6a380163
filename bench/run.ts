import { AwsStandIn } from "../test/support/aws-stand-in";
import { benchDryRun } from "./dry-run";
import { benchGuard } from "./guard";
import { benchLive } from "./live";
import { benchLiveMemory } from "./live-memory";
import { benchLlmAccess } from "./llm-access";
import { benchMigrations } from "./migrations";
import { benchReads } from "./reads";
import { benchScale, benchSearch } from "./scale";
import { benchServices } from "./services";
import { benchStandby } from "./standby";
import { Floor } from "./support/floor";
import { Load } from "./support/measure";
import { BenchedService } from "./support/service";
import { benchTraces } from "./traces";
import { benchUsage } from "./usage";
import { benchWrites } from "./writes";

/**
 * `npm run bench`: compares the service with a floor in the same run: the same SQL as prepared statements behind
 * node:http, with JSON.stringify. `npm run bench -- reads` runs one part.
 */
const PARTS = {
  reads: benchReads,
  writes: benchWrites,
  "dry-run": benchDryRun,
  guard: benchGuard,
  usage: benchUsage,
  "llm-access": benchLlmAccess,
  services: benchServices,
  live: benchLive,
  "live-memory": benchLiveMemory,
  traces: benchTraces,
  standby: benchStandby,
};

async function main(): Promise<void> {
  const requested = process.argv.slice(2);
  const aws = await AwsStandIn.start();
  const [name = "", ...sizes] = requested;
  const benchSizes = { scale: benchScale, search: benchSearch, migrations: benchMigrations }[name];
  if (benchSizes) {
    await benchSizes(aws, sizes.map(Number)).finally(() => aws.stop());
    return;
  }
  const service = await BenchedService.start(aws);
  const floor = await Floor.start(service.databaseUrl);
  const load = new Load();
  try {
    for (const [name, run] of Object.entries(PARTS)) {
      if (requested.length === 0 || requested.includes(name)) await run(service, floor, load);
    }
  } finally {
    load.stop();
    await floor.stop();
    await service.stop();
    await aws.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
