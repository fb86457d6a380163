import type { ByokConfig } from "../../../entities/byok-config";
import { Refused } from "../../domain/refusal";
import { byokConfigOf } from "../../store/byok";
import type { OrganizationUnitOfWork } from "../runner/unit-of-work";

/** The organization's configuration; refuses BYOK_NOT_CONFIGURED. */
export async function requireByokConfig({ transaction, organization }: OrganizationUnitOfWork): Promise<ByokConfig> {
  const config = await byokConfigOf(transaction, organization.id);
  if (config) return config;
  throw new Refused("BYOK_NOT_CONFIGURED", "The organization has no AWS key. Save one first.");
}
