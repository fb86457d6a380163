import { Gauge, type Registry } from "prom-client";
import type { Database } from "../../store/engine/database";
import { poolOf } from "../../store/engine/pool-waits";

/** Adds metrics of each limit on connections: how much is in use, and how many wait for a connection. */
export function addLimitMetrics(registry: Registry, { dataSource, lockQueue }: Database): void {
  const pool = poolOf(dataSource);
  const limits: Record<string, { used(): number; size: number }> = {
    database_pool: { used: () => pool.totalCount - pool.idleCount, size: pool.options.max },
    lock_waits: { used: () => lockQueue.taken, size: lockQueue.places },
  };
  new Gauge({
    name: "limit_used",
    help: "How much of a limit is in use.",
    labelNames: ["limit"] as const,
    registers: [registry],
    collect() {
      for (const [limit, { used }] of Object.entries(limits)) this.set({ limit }, used());
    },
  });
  const sizes = new Gauge({
    name: "limit_size",
    help: "How much the limit allows.",
    labelNames: ["limit"] as const,
    registers: [registry],
  });
  for (const [limit, { size }] of Object.entries(limits)) sizes.set({ limit }, size);
  new Gauge({
    name: "database_pool_waiting",
    help: "Work that waits for a connection of the pool.",
    registers: [registry],
    collect() {
      this.set(pool.waitingCount);
    },
  });
}
