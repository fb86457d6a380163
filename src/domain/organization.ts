import { invalidInput } from "./refusal";
import type { OrganizationRole } from "./role";

/** How long a deleted organization can be restored by an Owner. */
export const RESTORABLE_MS = 30 * 24 * 60 * 60 * 1000;

/** Until when an organization deleted at `deletedAt` can be restored. */
export function restorableUntil(deletedAt: Date): Date {
  return new Date(deletedAt.getTime() + RESTORABLE_MS);
}

/**
 * An organization is personal for as long as the person it was made for owns it. It ends for good with the first change
 * that takes the ownership from them: a transfer, another role, their leaving or removal.
 */
export function endsPersonal(personalForId: string | null, userId: string, after: OrganizationRole | null): boolean {
  return personalForId === userId && after !== "OWNER";
}

/** Deleting asks for the name, and the personal organization stays. Refuses INVALID_INPUT. */
export function assertDeletable(organization: { name: string; isPersonal: boolean }, confirmName: string): void {
  if (organization.isPersonal) {
    throw invalidInput(
      "A personal organization cannot be deleted. Once its ownership is transferred, its new Owner can delete it.",
      "organizationId",
    );
  }
  if (confirmName.normalize("NFC").trim() !== organization.name) {
    throw invalidInput("To delete the organization, repeat its name exactly.", "confirmName");
  }
}
