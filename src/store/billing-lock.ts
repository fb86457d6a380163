import { randomUUID } from "node:crypto";
import type { Reader, Statement } from "./engine/statement";

/** Thrown when another process holds an organization's billing lock for too long. */
export class BillingLockTimeout extends Error {}

/**
 * A lease ends `leaseMs` after its last renewal, and its holder renews it four times as often. `timeoutMs` is longer
 * than the lease of a crashed holder.
 */
const TIMES = { leaseMs: 10_000, timeoutMs: 20_000 };
const RENEWALS_PER_LEASE = 4;
const POLL_MS = 50;

// A lease is over if it ends more than its length before the new one would. Citus refuses a clock in this condition.
const ACQUIRE: Statement = {
  name: "acquire-billing-lock",
  text: `
    INSERT INTO provider_lease AS l (organization_id, holder, held_until)
    VALUES ($1, $2, statement_timestamp() + $3 * interval '1 millisecond')
    ON CONFLICT (organization_id) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE excluded.held_until - l.held_until > $3 * interval '1 millisecond'
    RETURNING organization_id`,
};

const RENEW: Statement = {
  name: "renew-billing-lock",
  text: `
    UPDATE provider_lease SET held_until = statement_timestamp() + $3 * interval '1 millisecond'
    WHERE organization_id = $1 AND holder = $2`,
};

const RELEASE: Statement = {
  name: "release-billing-lock",
  text: "DELETE FROM provider_lease WHERE organization_id = $1 AND holder = $2",
};

/**
 * Runs `work`, which changes an organization's billing at the payment provider, under a lock that all processes share:
 * a change takes several calls, and two must not interleave. The lock is a lease in a table, so that no connection is held
 * while a slow provider responds. Throws BillingLockTimeout.
 */
export async function withBillingLock<Result>(
  reader: Reader,
  organizationId: string,
  work: () => Promise<Result>,
  { leaseMs, timeoutMs } = TIMES,
): Promise<Result> {
  const lease = [organizationId, randomUUID()];
  const acquire = async () => (await reader.rows(ACQUIRE, [...lease, leaseMs])).length > 0;
  for (const end = Date.now() + timeoutMs; !(await acquire()); ) {
    if (Date.now() > end)
      throw new BillingLockTimeout(`The billing of organization ${organizationId} is being changed.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // If a renewal fails, the next one still comes in time.
  const renew = () => void reader.rows(RENEW, [...lease, leaseMs]).catch(() => undefined);
  const renewal = setInterval(renew, leaseMs / RENEWALS_PER_LEASE);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    // If the release fails, the lease expires. The work is done, and perhaps paid for, so this is not an error.
    await reader.rows(RELEASE, lease).catch(() => undefined);
  }
}
