import { Gauge, type Registry } from "prom-client";
import type { Standby } from "../../store/engine/standby";
import type { Reader } from "../../store/engine/statement";
import { readWalPosition } from "../../store/read-positions";

/** Adds the metrics of the standby. The lag is absent while it cannot be read. */
export function addStandbyMetrics(registry: Registry, standby: Standby, primary: Reader): void {
  new Gauge({
    name: "standby_reads",
    help: "Reads since the start that a standby may run: those it ran, and those that the primary ran, with the reason.",
    labelNames: ["outcome"] as const,
    registers: [registry],
    collect() {
      for (const [outcome, count] of Object.entries(standby.reads)) this.set({ outcome }, count);
    },
  });
  new Gauge({
    name: "standby_usable",
    help: "1 while there is a connection to a standby, otherwise 0.",
    registers: [registry],
    collect() {
      this.set(standby.isUsable ? 1 : 0);
    },
  });
  new Gauge({
    name: "standby_lag_bytes",
    help: "How much of the primary's log the standby has not replayed.",
    labelNames: [] as const,
    registers: [registry],
    async collect() {
      const position = await readWalPosition(primary).catch(() => null);
      const replayed = (await standby.describe())?.replayed ?? null;
      this.remove();
      if (position && replayed !== null) this.set(Math.max(position.lsn - replayed, 0));
    },
  });
}
