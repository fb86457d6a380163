import {
  SENDING_DAY_MS,
  SENDING_LIMIT_PER_ADDRESS,
  SENDING_LIMIT_PER_DAY,
  SENDING_WINDOW_MS,
} from "../domain/inviting";
import type { Reader, Statement } from "./engine/statement";
import { deleteOld, oldRows } from "./old-rows";

// Counts and writes in one statement, which locks each address until the transaction ends: organizations that invite
// the same address at once count each other. Addresses are sorted, so that two statements cannot deadlock.
const COUNT: Statement = {
  name: "count-invited-addresses",
  text: `
    INSERT INTO invited_address AS known (address, sent_at)
    SELECT address, ARRAY[$2::timestamptz] FROM unnest($1::text[]) AS address ORDER BY address
    ON CONFLICT (address) DO UPDATE
      SET sent_at = ARRAY(SELECT s FROM unnest(known.sent_at) AS s WHERE s > $3 ORDER BY s) || excluded.sent_at
      WHERE (SELECT count(*) FILTER (WHERE s > $3) < $5 AND count(*) FILTER (WHERE s > $4) < $6
        FROM unnest(known.sent_at) AS s)
    RETURNING address`,
};

/**
 * Counts one more invitation to each address, across all organizations. Returns false if an address has reached its
 * limit; the caller must then roll back.
 */
export async function countInvitedAddresses(reader: Reader, addresses: readonly string[], now: Date): Promise<boolean> {
  if (addresses.length === 0) return true;
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);
  const limits = [before(SENDING_DAY_MS), before(SENDING_WINDOW_MS), SENDING_LIMIT_PER_DAY, SENDING_LIMIT_PER_ADDRESS];
  const counted = await reader.rows(COUNT, [addresses, now, ...limits]);
  return counted.length === addresses.length;
}

const DELETE_OLD: Statement = {
  name: "delete-old-invited-addresses",
  ...oldRows("invited_address", "NOT EXISTS (SELECT 1 FROM unnest(sent_at) AS s WHERE s > $1)"),
};

/** Deletes addresses without an invitation that still counts. */
export async function deleteOldInvitedAddresses(reader: Reader, now: Date): Promise<void> {
  await deleteOld(reader, DELETE_OLD, [new Date(now.getTime() - SENDING_DAY_MS)]);
}
