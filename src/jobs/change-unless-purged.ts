import { changeOrganization } from "../commands/run";
import type { OrganizationScope, Services } from "../commands/scope";
import { Denied } from "../domain/denial";

/** Changes an organization; one that was purged in between is done. */
export async function changeUnlessPurged(
  services: Services,
  organizationId: string,
  work: (scope: OrganizationScope) => Promise<void>,
): Promise<void> {
  await changeOrganization(services, organizationId, work).catch((error: unknown) => {
    // An outage is a denial too, and has to be tried again.
    if (!(error instanceof Denied) || error.extensions.code !== "NOT_FOUND") throw error;
  });
}
