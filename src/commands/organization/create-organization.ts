import { assertMayFound } from "../../domain/founding";
import {
  ORGANIZATION_DESCRIPTION_LIMIT,
  ORGANIZATION_NAME_LIMIT,
  parseDescription,
  parseName,
} from "../../domain/text";
import { lockFounded } from "../../store/founding";
import { personCommand } from "../runner/command";
import { setUpOrganization } from "./set-up-organization";

export interface CreateOrganizationInput {
  name: string;
  description?: string | null;
}

/** Any signed-in person can create organizations, within the limits of domain/founding, and owns them. */
export const createOrganization = personCommand<CreateOrganizationInput, { organizationId: string }>({
  run: async (unit, input) => {
    const name = parseName(input.name, ORGANIZATION_NAME_LIMIT, "name");
    const description = parseDescription(input.description, ORGANIZATION_DESCRIPTION_LIMIT, "description");
    assertMayFound(await lockFounded(unit.transaction, unit.actor.id, unit.now), unit.now);
    const settings = { name, description, ownerId: unit.actor.id, isPersonal: false };
    return { organizationId: await setUpOrganization(unit, settings) };
  },
});
