import { Link } from "@tanstack/react-router";
import { CreditCard, KeyRound, Settings, Users } from "lucide-react";
import type { ViewerOrganizationFragment } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import styles from "./organization-links.module.css";

const LINKS = [
  { path: "general", label: texts.selectorPage.settings, icon: Settings, permission: null },
  { path: "members", label: texts.selectorPage.members, icon: Users, permission: null },
  { path: "subscription", label: texts.selectorPage.subscription, icon: CreditCard, permission: "MANAGE_BILLING" },
  { path: "byok", label: texts.selectorPage.byok, icon: KeyRound, permission: "CONFIGURE_BYOK" },
] as const;

interface Props {
  organization: Pick<ViewerOrganizationFragment, "id" | "name" | "viewerPermissions">;
  onOpen?(): void;
}

/** The four links to an organization's settings. Those that only Owners may use are absent for others. */
export function OrganizationLinks({ organization, onOpen }: Props) {
  const { id: organizationId, name, viewerPermissions } = organization;
  return (
    <span className={styles.links}>
      {LINKS.filter(({ permission }) => !permission || viewerPermissions.includes(permission)).map(
        ({ path, label, icon: Icon }) => (
          <Link
            key={path}
            to={`/organizations/$organizationId/${path}`}
            params={{ organizationId }}
            aria-label={texts.selectorPage.of(label, name)}
            className={styles.link}
            onClick={onOpen}
            // The row around it is a control, too.
            onPointerDown={(event) => event.stopPropagation()}
          >
            <Icon size={16} aria-hidden />
            {label}
          </Link>
        ),
      )}
    </span>
  );
}
