import { lazy, type ReactNode, Suspense } from "react";
import type { OrganizationPermission } from "../graph/generated/graphql";
import { Loading } from "../parts/loading";
import { useOrganization } from "./organization-context";

const Forbidden = lazy(async () => ({ default: (await import("./forbidden")).Forbidden }));

/** Shows its children to people with the permission. Others read why not, and who can. */
export function PermissionGate({ permission, children }: { permission: OrganizationPermission; children: ReactNode }) {
  const { may } = useOrganization();
  if (may(permission)) return children;
  return (
    <Suspense fallback={<Loading panels={[180]} />}>
      <Forbidden permission={permission} />
    </Suspense>
  );
}
