import { Refused } from "./refusal";

/** A workspace has exactly one provider, fixed at creation (product rule, Workspaces). */
export const CloudProvider = { AWS: "AWS", GCP: "GCP", AZURE: "AZURE" } as const;
export type CloudProvider = (typeof CloudProvider)[keyof typeof CloudProvider];

/** Every organization starts with this workspace, which cannot be deleted (product rule, Workspaces). */
export const DEFAULT_WORKSPACE = { name: "Default", cloudProvider: CloudProvider.AWS } as const;

/** The default workspace cannot be deleted (product rule, Workspaces). Refuses DEFAULT_WORKSPACE. */
export function assertWorkspaceDeletable({ isDefault }: { isDefault: boolean }): void {
  if (isDefault)
    throw new Refused("DEFAULT_WORKSPACE", "The default workspace cannot be deleted. You can rename it instead.");
}
