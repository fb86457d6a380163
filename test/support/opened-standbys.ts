import { Standby, type StandbyOptions } from "../../src/store/engine/standby";
import type { Statement } from "../../src/store/engine/statement";
import { readWalPosition } from "../../src/store/read-positions";
import type { StandbyService } from "./standby-service";

/** One statement of each kind, about the session that ran it. */
export const SHORT: Statement = { name: "short", isShortRead: true, text: "SHOW enable_seqscan" };
export const LONG: Statement = { name: "long", text: "SHOW enable_seqscan" };

/** Connections to standbys without a service. */
export class OpenedStandbys {
  private readonly opened: Standby[] = [];

  constructor(private readonly running: () => StandbyService) {}

  /** Also returns the warnings so far, and the primary's position. */
  async open(options: Partial<StandbyOptions> & { lanes?: number } = {}) {
    const { lanes = 1, ...others } = options;
    const { postgres, database } = this.running();
    const warnings: string[] = [];
    const warn = (error: unknown) => warnings.push((error as Error).message);
    const defaults = { url: postgres.standbyUrl, primary: database, patienceMs: 0 };
    const standby = new Standby({ ...defaults, ...others, connections: { lanes, pool: 2 }, warn });
    this.opened.push(standby);
    await standby.open();
    return { standby, warnings, here: await readWalPosition(database) };
  }

  close(): void {
    for (const standby of this.opened) standby.close();
  }
}
