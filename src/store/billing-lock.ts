import { randomUUID } from "node:crypto";
import type { Reader, Statement } from "./engine/statement";

/** Thrown where somebody else kept on changing an organization's billing for longer than one waits. */
export class BillingLockTimeout extends Error {}

/**
 * A holder that has died gives way after `leaseMs`; one that lives renews its lease several times until then. Who waits
 * does so for longer than a dead holder's lease.
 */
const TIMES = { leaseMs: 10_000, patienceMs: 20_000 };
const RENEWALS = 4;
const POLL_MS = 50;

const TAKE: Statement = {
  name: "take-provider-lease",
  text: `
    INSERT INTO provider_lease AS l (organization_id, holder, held_until)
    VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
    ON CONFLICT (organization_id) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE l.held_until < clock_timestamp()
    RETURNING organization_id`,
};

const RENEW: Statement = {
  name: "renew-provider-lease",
  text: `
    UPDATE provider_lease SET held_until = clock_timestamp() + $3 * interval '1 millisecond'
    WHERE organization_id = $1 AND holder = $2`,
};

const GIVE_BACK: Statement = {
  name: "give-provider-lease-back",
  text: "DELETE FROM provider_lease WHERE organization_id = $1 AND holder = $2",
};

/**
 * Runs what changes an organization's billing at the payment provider while nobody else does, in any process: it takes
 * several calls, and those of two would mix. A lease instead of a lock, because no connection is kept for a provider
 * that may be slow. Throws ProviderBusy.
 */
export async function withBillingLock<Result>(
  reader: Reader,
  organizationId: string,
  work: () => Promise<Result>,
  { leaseMs, patienceMs } = TIMES,
): Promise<Result> {
  const lease = [organizationId, randomUUID()];
  const take = async () => (await reader.rows(TAKE, [...lease, leaseMs])).length > 0;
  for (const end = Date.now() + patienceMs; !(await take()); ) {
    if (Date.now() > end)
      throw new BillingLockTimeout(`The billing of organization ${organizationId} is being changed.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // A renewal that fails is made up for by the next one.
  const renew = () => void reader.rows(RENEW, [...lease, leaseMs]).catch(() => undefined);
  const renewal = setInterval(renew, leaseMs / RENEWALS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    // Where it cannot be given back it ends by itself; what was done, and perhaps paid, is done all the same.
    await reader.rows(GIVE_BACK, lease).catch(() => undefined);
  }
}
