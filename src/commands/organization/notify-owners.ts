import { type Notice, noticeJobs } from "../../store/jobs";
import { ownerIds } from "../../store/owners";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** Queues a mail to every Owner of the organization. */
export async function notifyOwners(
  { transaction, organization, enqueue }: OrganizationUnitOfWork,
  notice: Notice,
): Promise<void> {
  const owners = await ownerIds(transaction, organization.id);
  for (const job of noticeJobs(organization.id, owners, notice)) enqueue(job);
}
