import type { Config } from "../../config/config";
import { readCitus } from "../../store/engine/citus";
import { CONNECT_TIMEOUT_MS, DatabaseClient } from "../../store/engine/connection";
import { NO_STANDBY_READS, readSystem } from "../../store/engine/standby";
import { StandbyConnection, type StandbyIdentity, type WalPosition } from "../../store/engine/standby-connection";
import { type Reader, rowsOf } from "../../store/engine/statement";
import { readWalPosition } from "../../store/read-positions";
import { type Finding, find } from "./finding";

const SUBJECT = "DATABASE_READ_URL";
/** A standby that lacks more than this runs few reads. */
const LATE_BYTES = 16 * 1024 * 1024;

/** Checks that the address for reads leads to a standby of this database, and how far behind it is. */
export async function standbyFindings(config: Pick<Config, "databaseUrl" | "databaseDirectUrl" | "databaseReadUrl">) {
  const { databaseUrl, databaseDirectUrl, databaseReadUrl } = config;
  const primaryUrl = databaseDirectUrl ?? databaseUrl;
  if (databaseReadUrl === null || primaryUrl === null) {
    const unused: Finding = { level: "unused", subject: SUBJECT, text: "not set: the primary serves all reads" };
    return [unused];
  }
  const advice = "Name a server that replicates DATABASE_URL by streaming, not a pooler: docs/scaling.md.";
  return await find(SUBJECT, advice, async () => {
    if ((await readCitus(primaryUrl)).isDistributed) throw new Error(NO_STANDBY_READS);
    const { system, position } = await describePrimary(primaryUrl);
    const connection = await StandbyConnection.open(databaseReadUrl, null, system);
    const identity = await connection.describe().finally(() => connection.retire());
    return [standbyFinding(identity, position)];
  });
}

/** Compares a standby with the primary's position. */
export function standbyFinding(
  { timeline, replayed }: Pick<StandbyIdentity, "timeline" | "replayed">,
  primary: WalPosition,
): Finding {
  const subject = SUBJECT;
  if (timeline !== primary.timeline) {
    const text = `the standby is on timeline ${timeline}, the primary on ${primary.timeline}: it runs no reads`;
    return { level: "warning", subject, text, advice: "Wait for its next restart point, or run CHECKPOINT on it." };
  }
  const late = Math.max(primary.lsn - (replayed ?? 0), 0);
  if (late > LATE_BYTES) {
    const text = `the standby lacks ${Math.round(late / 1024 / 1024)} MB of the primary's log`;
    return {
      level: "warning",
      subject,
      text,
      advice: "Find out why it is behind: pg_stat_replication on the primary.",
    };
  }
  return { level: "ok", subject, text: `a standby of the primary answers, ${late} bytes behind` };
}

async function describePrimary(url: string): Promise<{ system: string; position: WalPosition }> {
  const client = new DatabaseClient({ connectionString: url, statementMs: CONNECT_TIMEOUT_MS });
  const primary: Reader = { rows: (statement, values) => rowsOf(client, statement, values) };
  try {
    await client.connect();
    return { system: await readSystem(primary), position: await readWalPosition(primary) };
  } finally {
    await client.end().catch(() => undefined);
  }
}
