import { invalidInput } from "../../domain/refusal";
import {
  ORGANIZATION_DESCRIPTION_LIMIT,
  ORGANIZATION_NAME_LIMIT,
  parseDescription,
  parseName,
} from "../../domain/text";
import { updateOrganization as writeOrganization } from "../../store/organization";
import { memberCommand } from "../runner/command";

export interface UpdateOrganizationInput {
  organizationId: string;
  name?: string | null;
  description?: string | null;
}

/** Changes name, description or both; absent fields stay. A null or empty description removes it. */
export const updateOrganization = memberCommand<UpdateOrganizationInput, { organizationId: string }>({
  permission: "EDIT_ORGANIZATION",
  run: async ({ transaction, organization, now, record }, input) => {
    if (input.name === null)
      throw invalidInput("An organization needs a name; omit the field to keep the current one.", "name");
    const before = { name: organization.name, description: organization.description };
    const after = {
      name: input.name === undefined ? before.name : parseName(input.name, ORGANIZATION_NAME_LIMIT, "name"),
      description:
        input.description === undefined
          ? before.description
          : parseDescription(input.description, ORGANIZATION_DESCRIPTION_LIMIT, "description"),
    };
    if (after.name === before.name && after.description === before.description) {
      return { organizationId: organization.id };
    }
    await writeOrganization(transaction, organization.id, { ...after, updatedAt: now });
    const summary =
      after.name === before.name
        ? "The organization's description was changed."
        : `The organization was renamed to “${after.name}”.`;
    record({ type: "organization.updated", subjectId: organization.id, summary, data: { before, after } });
    return { organizationId: organization.id };
  },
});
