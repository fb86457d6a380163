import { changeOrganization } from "../commands/runner/run";
import type { OrganizationUnitOfWork, Services } from "../commands/runner/unit-of-work";
import { isNotFound } from "../domain/denial";

/** Changes an organization, unless it was purged since the job was queued. */
export async function changeUnlessPurged(
  services: Services,
  organizationId: string,
  work: (unit: OrganizationUnitOfWork) => Promise<void>,
): Promise<void> {
  await unlessPurged(changeOrganization(services, organizationId, work));
}

/** Ignores NOT_FOUND: the organization has been purged. */
export async function unlessPurged(change: Promise<void>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
