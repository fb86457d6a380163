import { Link } from "@tanstack/react-router";
import type { ViewerMembershipFragment } from "../../graph/generated/graphql";
import { organizationsPage } from "../../texts/en/organizations";

/** A hint for people who have only their personal organization. */
export function OnlyPersonal({ memberships }: { memberships: readonly ViewerMembershipFragment[] }) {
  const [only, ...others] = memberships;
  if (!only || others.length > 0) return null;
  const { id: organizationId, isPersonal, members } = only.organization;
  if (!isPersonal || members.totalCount > 1) return null;
  return (
    <p className="notice">
      {organizationsPage.onlyPersonal}{" "}
      <Link to="/organizations/$organizationId/members" params={{ organizationId }}>
        {organizationsPage.invite}
      </Link>
    </p>
  );
}
