import { invalidInput } from "./refusal";
import type { OrganizationRole } from "./role";

/** An Owner can restore a deleted organization for 30 days (product rule, Organization). */
export const RESTORABLE_MS = 30 * 24 * 60 * 60 * 1000;

/** The time until which an organization deleted at `deletedAt` can be restored. */
export function restorableUntil(deletedAt: Date): Date {
  return new Date(deletedAt.getTime() + RESTORABLE_MS);
}

/**
 * Whether a change of role ends an organization's personal status. An organization is personal while the person for
 * whom it was created owns it. A transfer, another role, leaving or removal ends that for good. `after` is null for a
 * former member.
 */
export function endsPersonal(personalForId: string | null, userId: string, after: OrganizationRole | null): boolean {
  return personalForId === userId && after !== "OWNER";
}

/** A personal organization cannot be deleted (product rule, Organization). Refuses INVALID_INPUT. */
export function assertDeletable({ personalForId }: { personalForId: string | null }): void {
  if (personalForId !== null) {
    throw invalidInput(
      "A personal organization cannot be deleted. Transfer its ownership first; then the new Owner can delete it.",
      "organizationId",
    );
  }
}

/** Deleting an organization needs its name as confirmation. Refuses INVALID_INPUT. */
export function assertNameConfirmed(organization: { name: string }, confirmName: string): void {
  if (confirmName.normalize("NFC").trim() !== organization.name) {
    throw invalidInput("To delete the organization, repeat its name exactly.", "confirmName");
  }
}
