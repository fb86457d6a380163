/** Exactly one per workspace, fixed when it is created. */
export const CloudProvider = { AWS: "AWS", GCP: "GCP", AZURE: "AZURE" } as const;
export type CloudProvider = (typeof CloudProvider)[keyof typeof CloudProvider];

/** The workspace that comes with every organization. It cannot be deleted. */
export const DEFAULT_WORKSPACE = { name: "Default", cloudProvider: CloudProvider.AWS } as const;
