import { type KeyWrapper, MasterKeyMissing, MasterKeyUnavailable } from "../integrations/keys/key-wrapper";
import { rewrapKey, staleKeys } from "../store/byok";
import type { Reader } from "../store/engine/statement";

const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Wraps every data key with the current master key. The sealed credentials stay as they are, and a key that is replaced
 * while this runs is skipped, so that every configuration can be decrypted at any time. Repeats until no key is left,
 * because a replica that did not have the new master key yet may have added some. Throws MasterKeyUnavailable during an
 * outage; completed work stays.
 */
export async function rewrapKeys(reader: Reader, wrapper: KeyWrapper): Promise<{ rewrapped: number; failed: number }> {
  for (let total = 0; ; ) {
    const { rewrapped, replaced, failed } = await rewrapOnce(reader, wrapper);
    total += rewrapped;
    // A key that was replaced while this ran may use an older master key.
    if (rewrapped + replaced === 0) return { rewrapped: total, failed };
  }
}

async function rewrapOnce(reader: Reader, wrapper: KeyWrapper) {
  const counts = { rewrapped: 0, replaced: 0, failed: 0 };
  for (let after = FIRST_ID; ; ) {
    const rows = await staleKeys(reader, wrapper.masterKeyId, after, BATCH);
    for (const row of rows) counts[await rewrap(reader, wrapper, row)] += 1;
    if (rows.length < BATCH) return counts;
    after = rows.at(-1)?.id ?? after;
  }
}

async function rewrap(
  reader: Reader,
  wrapper: KeyWrapper,
  row: Awaited<ReturnType<typeof staleKeys>>[number],
): Promise<"rewrapped" | "replaced" | "failed"> {
  try {
    const dataKey = await wrapper.unwrap(row, row.organizationId);
    const isRewrapped = await rewrapKey(reader, row, await wrapper.wrap(dataKey, row.organizationId));
    dataKey.fill(0);
    return isRewrapped ? "rewrapped" : "replaced";
  } catch (error) {
    // During an outage every key would count as broken. The next run continues here.
    if (error instanceof MasterKeyUnavailable && !(error instanceof MasterKeyMissing)) throw error;
    return "failed";
  }
}
