import { invalidInput } from "./refusal";

/** How long a deleted organization can be restored by an Owner. */
export const RESTORABLE_MS = 30 * 24 * 60 * 60 * 1000;

/** Until when an organization deleted at `deletedAt` can be restored. */
export function restorableUntil(deletedAt: Date): Date {
  return new Date(deletedAt.getTime() + RESTORABLE_MS);
}

/** Deleting asks for the name, and the personal organization stays. Refuses INVALID_INPUT. */
export function assertDeletable(organization: { name: string; isPersonal: boolean }, confirmName: string): void {
  if (organization.isPersonal) {
    throw invalidInput("A personal organization cannot be deleted: it is yours for good.", "organizationId");
  }
  if (confirmName.normalize("NFC").trim() !== organization.name) {
    throw invalidInput("To delete the organization, repeat its name exactly.", "confirmName");
  }
}
