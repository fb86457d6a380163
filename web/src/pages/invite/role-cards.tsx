import { Label, Radio, RadioGroup } from "react-aria-components";
import type { OrganizationRole } from "../../graph/generated/graphql";
import { invitePage } from "../../texts/en/invite";
import { rolesPage } from "../../texts/en/roles";
import type { RoleDescription } from "../members/types";
import styles from "./invite.module.css";

const { permissions, workspacePermissions } = rolesPage;

interface Props {
  roles: readonly RoleDescription[];
  value: OrganizationRole;
  onChange(role: OrganizationRole): void;
}

/** The roles with which people can be invited, each with its permissions. */
export function RoleCards({ roles, value, onChange }: Props) {
  const choose = (role: string) => {
    const found = roles.find((each) => each.role === role);
    if (found) onChange(found.role);
  };
  return (
    <RadioGroup value={value} onChange={choose} className={styles.roles}>
      <Label className={styles.rolesLabel}>{invitePage.role}</Label>
      {roles
        .filter(({ isInvitable }) => isInvitable)
        .map((each) => (
          <Radio key={each.role} value={each.role} aria-label={each.name} className={styles.card}>
            <strong>{each.name}</strong>
            <span className="dim">{each.description}</span>
            <span className={styles.may}>{mayOf(each)}</span>
          </Radio>
        ))}
    </RadioGroup>
  );
}

function mayOf(role: RoleDescription): string {
  const own = role.permissions.map((each) => permissions[each]);
  const inWorkspaces = role.workspacePermissions.map((each) => workspacePermissions[each]);
  // A role that manages every workspace may do everything in them.
  return invitePage.may(own.length > 0 ? own : inWorkspaces);
}
