import { Link } from "@tanstack/react-router";
import {
  ClipboardCheck,
  CreditCard,
  KeyRound,
  LayoutGrid,
  ScrollText,
  Settings,
  ShieldCheck,
  Users,
} from "lucide-react";
import type { OrganizationPermission } from "../graph/generated/graphql";
import { ByokBadge } from "../parts/byok-badge";
import { texts } from "../texts/en";
import { useOrganization } from "./organization-context";
import styles from "./organization-layout.module.css";

interface TabOf {
  path: keyof typeof texts.tabs;
  icon: typeof Users;
  /** Without this permission, the tab is absent. */
  permission?: OrganizationPermission;
}

const TABS: readonly TabOf[] = [
  { path: "general", icon: Settings },
  { path: "members", icon: Users },
  { path: "roles", icon: ShieldCheck },
  { path: "workspaces", icon: LayoutGrid },
  { path: "subscription", icon: CreditCard, permission: "MANAGE_BILLING" },
  { path: "byok", icon: KeyRound, permission: "CONFIGURE_BYOK" },
  { path: "audit", icon: ScrollText, permission: "VIEW_AUDIT_LOG" },
  { path: "reviews", icon: ClipboardCheck, permission: "REVIEW_ACCESS" },
];

export function OrganizationTabs() {
  const { organization, may } = useOrganization();
  return (
    <nav className={styles.tabs} aria-label={organization.name}>
      <p className={styles.name} dir="auto">
        {organization.name}
      </p>
      {organization.byokStatus !== "NOT_CONFIGURED" && (
        <p className={styles.key}>
          <ByokBadge status={organization.byokStatus} isNamed />
        </p>
      )}
      {TABS.filter(({ permission }) => !permission || may(permission)).map(({ path, icon: Icon }) => (
        <Link
          key={path}
          className={styles.tab}
          to={`/organizations/$organizationId/${path}`}
          params={{ organizationId: organization.id }}
        >
          <Icon size={18} aria-hidden />
          {texts.tabs[path]}
        </Link>
      ))}
    </nav>
  );
}
