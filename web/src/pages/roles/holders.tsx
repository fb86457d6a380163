import { Link } from "@tanstack/react-router";
import type { OrganizationRole } from "../../graph/generated/graphql";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import type { RoleDescription } from "../members/types";
import styles from "./roles.module.css";

interface Props {
  roles: readonly RoleDescription[];
  counts: Record<OrganizationRole, number>;
}

/** Each role with its description and the number of members in it. */
export function Holders({ roles, counts }: Props) {
  const { organization } = useOrganization();
  return (
    <ul className={styles.holders}>
      {roles.map(({ role, name, description }) => (
        <li key={role} className={styles.card}>
          <h2>{name}</h2>
          <p className="dim">{description}</p>
          <Link
            to="/organizations/$organizationId/members"
            params={{ organizationId: organization.id }}
            search={{ role }}
          >
            <span className="unseen">{name}: </span>
            {texts.members(counts[role])}
          </Link>
        </li>
      ))}
    </ul>
  );
}
