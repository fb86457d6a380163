import { parse } from "graphql";
import { createLog } from "../src/log";
import { createExecutor } from "../src/server/graphql/execute";
import { buildSubgraph } from "../src/server/graphql/schema";
import { median, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";

const ORGANIZATIONS = 10;
const MEMBERS = 100;
const ROUNDS = 15;
const REPETITIONS = 5;

/** The cost of the guard on a large result: the same operation on the schema with and without it. */
export async function benchGuard(service: BenchedService): Promise<void> {
  const ids: string[] = [];
  while (ids.length < ORGANIZATIONS) {
    const id = await service.organization();
    await service.fill(id, MEMBERS);
    ids.push(id);
  }
  const document = parse(
    `{ ${ids.map(
      (id, n) => `o${n}: organization(id: "${id}") { id name viewerPermissions memberLimit { used }
        members(first: ${MEMBERS}) { nodes { id role user { id name email }
          workspaceAccess { role workspace { id name } } } } }`,
    )} }`,
  );
  const viewer = { kind: "person", id: "owner", name: "owner", email: null, emailVerified: false } as const;
  const { open, guarded } = buildSubgraph();
  const [without, within] = [open, guarded].map((schema) => {
    const run = createExecutor(schema, createLog("silent"));
    return async () => {
      for (let n = 0; n < REPETITIONS; n++) {
        const { errors } = await run({
          document,
          context: service.context(viewer),
        });
        if (errors) throw errors[0];
      }
    };
  }) as [() => Promise<void>, () => Promise<void>];

  for (const work of [without, within]) for (let n = 0; n < 3; n++) await work();
  const times = { without: [] as number[], within: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.without.push(await timeOf(without));
    times.within.push(await timeOf(within));
  }
  const [bare, guardedTime] = [median(times.without), median(times.within)];
  printHead("answer", "without guard, ms", "with guard, ms", "ratio");
  printRow(
    `${ORGANIZATIONS * MEMBERS} members of ${ORGANIZATIONS} organizations`,
    bare / REPETITIONS,
    guardedTime / REPETITIONS,
    guardedTime / bare,
  );
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
