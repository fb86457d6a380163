import type { Reader, Statement } from "./engine/statement";

// A customer belongs to one organization of all. No key of the subscriptions can hold that, because theirs contain the
// organization; the primary key of this table does.
const CLAIM: Statement = {
  name: "claim-provider-customer",
  text: `
    INSERT INTO provider_customer AS c (id, organization_id) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id
      WHERE c.organization_id = excluded.organization_id
    RETURNING id`,
};

/** Makes a customer of the payment provider an organization's for good; false if it is another one's. */
export async function claimCustomer(reader: Reader, organizationId: string, customerId: string): Promise<boolean> {
  return (await reader.rows(CLAIM, [customerId, organizationId])).length > 0;
}

const STORE: Statement = {
  name: "store-provider-customer",
  text: `
    UPDATE organization_subscription SET provider_customer_id =
      CASE WHEN provider_customer_id IS NULL OR provider_customer_id = $3 THEN $2 ELSE provider_customer_id END
    WHERE organization_id = $1 RETURNING provider_customer_id AS id`,
};

/**
 * Gives an organization a customer of the payment provider, and returns the one that it then has. This is the only
 * rule: it keeps the one that it has, unless that is the `replaced` one, so all callers get the same one in any order.
 * Null if the customer is another organization's, or the organization does not exist.
 */
export async function storeCustomer(
  reader: Reader,
  organizationId: string,
  customerId: string,
  replaced: string | null = null,
): Promise<string | null> {
  if (!(await claimCustomer(reader, organizationId, customerId))) return null;
  const [row] = await reader.rows<{ id: string }>(STORE, [organizationId, customerId, replaced]);
  if (!row) await forgetCustomers(reader, organizationId);
  return row?.id ?? null;
}

const FORGET: Statement = {
  name: "forget-provider-customers",
  text: "DELETE FROM provider_customer WHERE organization_id = $1",
};

/** Forgets the customers of an organization that no longer exists. */
export async function forgetCustomers(reader: Reader, organizationId: string): Promise<void> {
  await reader.rows(FORGET, [organizationId]);
}
