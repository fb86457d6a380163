import { Code, Crown, Eye, ShieldCheck } from "lucide-react";
import type { OrganizationRole } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { Badge } from "./badge";

const ICONS = { OWNER: Crown, ADMIN: ShieldCheck, DEVELOPER: Code, VIEWER: Eye };

/** A role, by icon and name. */
export function RoleBadge({ role }: { role: OrganizationRole }) {
  const Icon = ICONS[role];
  return (
    <Badge>
      <Icon size={13} aria-hidden />
      {texts.roles[role]}
    </Badge>
  );
}
