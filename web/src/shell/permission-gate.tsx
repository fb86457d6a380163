import type { ReactNode } from "react";
import type { OrganizationPermission } from "../graph/generated/graphql";
import { Forbidden } from "./forbidden";
import { useOrganization } from "./organization-context";

/** Shows its children to people with the permission. Others read why not, and who can. */
export function PermissionGate({ permission, children }: { permission: OrganizationPermission; children: ReactNode }) {
  const { may } = useOrganization();
  return may(permission) ? children : <Forbidden permission={permission} />;
}
