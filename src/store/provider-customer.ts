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

const FORGET: Statement = {
  name: "forget-provider-customers",
  text: "DELETE FROM provider_customer WHERE organization_id = $1",
};

/** Forgets the customers of an organization that no longer exists. */
export async function forgetCustomers(reader: Reader, organizationId: string): Promise<void> {
  await reader.rows(FORGET, [organizationId]);
}
