import { invalidInput } from "../../domain/refusal";
import { updateRole } from "../../store/member";
import { requireMember } from "../member/require-member";
import { memberCommand } from "../runner/command";
import { clearPersonalOwner } from "./clear-personal-owner";

export interface TransferOwnershipInput {
  organizationId: string;
  memberId: string;
}

export interface TransferOwnershipOutcome {
  organizationId: string;
  newOwnerId: string;
  formerOwnerId: string;
}

/** Makes the recipient an Owner and the caller an Admin. A personal organization stops being personal. */
export const transferOwnership = memberCommand<TransferOwnershipInput, TransferOwnershipOutcome>({
  permission: "TRANSFER_OWNERSHIP",
  run: async (unit, { memberId }) => {
    const { transaction, organization, membership, record } = unit;
    const recipient = await requireMember(unit, memberId);
    if (recipient.id === membership.id)
      throw invalidInput("You are already an Owner. Choose another member.", "memberId");
    await updateRole(transaction, organization.id, recipient.id, "OWNER");
    await updateRole(transaction, organization.id, membership.id, "ADMIN");
    record({
      type: "ownership.transferred",
      subjectId: recipient.id,
      summary: `${membership.userName} transferred ownership to ${recipient.userName}.`,
      data: {
        formerOwner: { memberId: membership.id, userId: membership.userId },
        newOwner: { memberId: recipient.id, userId: recipient.userId },
        before: { role: recipient.role },
      },
    });
    await clearPersonalOwner(unit, membership.userId, "ADMIN");
    return { organizationId: organization.id, newOwnerId: recipient.id, formerOwnerId: membership.id };
  },
});
