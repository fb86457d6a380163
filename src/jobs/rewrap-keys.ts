import { type KeyWrapper, MasterKeyMissing, MasterKeyUnavailable } from "../integrations/keys/key-wrapper";
import { rewrapKey, staleKeys } from "../store/byok";
import type { Reader } from "../store/engine/statement";

const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Puts every data key under the master key that wraps now. What the data keys seal is not touched, and a key that is
 * replaced meanwhile is left alone, so that readers never meet a configuration that does not open. Goes over them once
 * more until there is nothing left to do: a replica that had not heard of the new master key may have added some.
 * Throws MasterKeyUnavailable during an outage; what was done until then stays done.
 */
export async function rewrapKeys(reader: Reader, wrapper: KeyWrapper): Promise<{ rewrapped: number; failed: number }> {
  for (let total = 0; ; ) {
    const { rewrapped, replaced, failed } = await rewrapOnce(reader, wrapper);
    total += rewrapped;
    // What was replaced meanwhile may be under an older master key still.
    if (rewrapped + replaced === 0) return { rewrapped: total, failed };
  }
}

async function rewrapOnce(reader: Reader, wrapper: KeyWrapper) {
  const done = { rewrapped: 0, replaced: 0, failed: 0 };
  for (let after = FIRST_ID; ; ) {
    const rows = await staleKeys(reader, wrapper.masterKeyId, after, BATCH);
    for (const row of rows) {
      try {
        const dataKey = await wrapper.unwrap(row, row.organizationId);
        const isDone = await rewrapKey(reader, row, await wrapper.wrap(dataKey, row.organizationId));
        done[isDone ? "rewrapped" : "replaced"] += 1;
        dataKey.fill(0);
      } catch (error) {
        // Going on would count keys as broken that are not. The next run finds those that are left.
        if (error instanceof MasterKeyUnavailable && !(error instanceof MasterKeyMissing)) throw error;
        done.failed += 1;
      }
    }
    if (rows.length < BATCH) return done;
    after = rows.at(-1)?.id ?? after;
  }
}
