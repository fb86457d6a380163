import { Denied } from "../../domain/denial";
import type { Reader, Statement } from "../engine/statement";

/** A restore of this database from a backup. */
export interface Restore {
  /** The epoch that it began. */
  epoch: string;
  /** The last position of the feed that the backup had. */
  lastPosition: number;
}

/** The epoch before the first restore. Cursors do not name it. */
export const FIRST_EPOCH = "";

/**
 * The epochs of this database; each restore from a backup begins one. Cursors name theirs, because a restored log gives
 * the same sequences to other events.
 */
export class Epochs {
  /** `restores`: oldest first. */
  constructor(private readonly restores: readonly Restore[] = []) {}

  get current(): string {
    return this.restores.at(-1)?.epoch ?? FIRST_EPOCH;
  }

  /** Adds the current epoch to a new cursor. */
  tag(cursor: string): string {
    return this.current === FIRST_EPOCH ? cursor : `${cursor}.${this.current}`;
  }

  /**
   * The last position up to which a cursor of this epoch has seen the same events as this database has; null: any
   * position. Throws BAD_USER_INPUT for an epoch that is not of this database.
   */
  lastPositionOf(epoch: string): number | null {
    if (epoch === this.current) return null;
    const next = epoch === FIRST_EPOCH ? 0 : this.restores.findIndex((restore) => restore.epoch === epoch) + 1;
    const restore = epoch !== FIRST_EPOCH && next === 0 ? undefined : this.restores[next];
    if (!restore) throw cursorOfLostEvents();
    return restore.lastPosition;
  }
}

/** Splits a cursor into its epoch and the rest. */
export function untag(text: string): { cursor: string; epoch: string } {
  const [cursor = "", ...rest] = text.split(".");
  return { cursor, epoch: rest.length === 0 ? FIRST_EPOCH : rest.join(".") };
}

/** The error for a cursor that has seen events which this database lacks. */
export function cursorOfLostEvents(): Denied {
  const message =
    "'after' has seen events that were lost when the database was restored from a backup. " +
    "Start again without a cursor.";
  return new Denied("BAD_USER_INPUT", message);
}

const RESTORES: Statement = {
  name: "restores",
  text: `SELECT epoch, last_position::float8 AS "lastPosition" FROM database_restore ORDER BY number`,
};

/** Reads the epochs. They change only while no service runs. */
export async function readEpochs(reader: Reader): Promise<Epochs> {
  return new Epochs(await reader.rows<Restore>(RESTORES, []));
}

// Uses the primary key of each event.
const LOST: Statement = {
  name: "lost-events",
  text: `
    SELECT FROM unnest($1::uuid[], $2::int[]) AS seen (organization_id, sequence)
    WHERE seen.sequence > 0 AND NOT EXISTS (
      SELECT 1 FROM organization_event e
      WHERE e.organization_id = seen.organization_id AND e.sequence = seen.sequence
        AND (e.feed_position IS NULL OR e.feed_position <= $3))
    LIMIT 1`,
  // A distributed database collects the events first, because it runs no subquery for each row of a function.
  distributed: `
    WITH kept AS MATERIALIZED (
      SELECT organization_id, sequence FROM organization_event
      WHERE organization_id = ANY ($1::uuid[]) AND sequence = ANY ($2::int[])
        AND (feed_position IS NULL OR feed_position <= $3)
    )
    SELECT FROM unnest($1::uuid[], $2::int[]) AS seen (organization_id, sequence)
    WHERE seen.sequence > 0 AND NOT EXISTS (
      SELECT 1 FROM kept e WHERE e.organization_id = seen.organization_id AND e.sequence = seen.sequence)
    LIMIT 1`,
};

/**
 * Throws BAD_USER_INPUT for a cursor of an earlier epoch that has seen events which the backup lacks. `seen`: the newest
 * event that it has seen, of each organization.
 */
export async function assertKnown(
  reader: Reader,
  epochs: Epochs,
  epoch: string,
  seen: ReadonlyArray<readonly [organizationId: string, sequence: number]>,
): Promise<void> {
  const lastPosition = epochs.lastPositionOf(epoch);
  if (lastPosition === null) return;
  const ids = seen.map(([organizationId]) => organizationId);
  const sequences = seen.map(([, sequence]) => sequence);
  const lost = await reader.rows(LOST, [ids, sequences, lastPosition]);
  if (lost.length > 0) throw cursorOfLostEvents();
}
