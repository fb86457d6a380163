import { changeOrganization } from "../commands/runner/run";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { isNotFound } from "../domain/denial";

/** Changes an organization; one that was purged in between is done. */
export async function changeUnlessPurged(
  services: Services,
  organizationId: string,
  work: (unit: OrganizationUnitOfWork) => Promise<void>,
): Promise<void> {
  await unlessPurged(changeOrganization(services, organizationId, work));
}

/** Waits for a change of an organization; where that was purged in between there is nothing to change. */
export async function unlessPurged(change: Promise<void>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
