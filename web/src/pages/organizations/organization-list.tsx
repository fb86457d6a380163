import { Building2 } from "lucide-react";
import { ListBox, ListBoxItem } from "react-aria-components";
import type { ViewerMembershipFragment } from "../../graph/generated/graphql";
import { RoleBadge } from "../../parts/role-badge";
import { texts } from "../../texts/en";
import { organizationsPage } from "../../texts/en/organizations";
import styles from "./organizations.module.css";

interface Props {
  memberships: readonly ViewerMembershipFragment[];
  opened: ViewerMembershipFragment;
  onOpen(organizationId: string): void;
}

/** The organizations at the side. The selected one is shown beside them. */
export function OrganizationList({ memberships, opened, onOpen }: Props) {
  return (
    <ListBox
      aria-label={organizationsPage.list}
      items={memberships.map(({ organization, role }) => ({ id: organization.id, organization, role }))}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[opened.organization.id]}
      onSelectionChange={(keys) => {
        const [id] = [...(keys as Set<string>)];
        if (id) onOpen(id);
      }}
      className={styles.list}
    >
      {({ organization, role }) => (
        <ListBoxItem textValue={organization.name} className={styles.entry}>
          <Building2 size={18} aria-hidden />
          <span className={styles.entryText}>
            <span className={styles.entryName} dir="auto">
              {organization.name}
            </span>
            <span className={styles.entryCounts}>
              <span className="dim">{texts.workspaces(organization.workspaces.totalCount)}</span>
              <RoleBadge role={role} />
            </span>
          </span>
        </ListBoxItem>
      )}
    </ListBox>
  );
}
