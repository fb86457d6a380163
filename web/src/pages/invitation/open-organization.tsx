import { useQuery } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import { InvitationViewerDocument } from "../../graph/generated/graphql";
import { texts } from "../../texts/en";
import { invitationPage } from "../../texts/en/invitation";

const t = invitationPage;

/** A link to the viewer's organization of this name, or to all their organizations if several or none have it. */
export function OpenOrganization({ name }: { name: string }) {
  const { data } = useQuery(InvitationViewerDocument, { errorPolicy: "ignore" });
  const organizations = (data?.viewer.memberships ?? []).map(({ organization }) => organization);
  const [found, another] = organizations.filter((each) => each.name === name);
  if (!found || another) return <Link to="/organizations">{texts.toOrganizations}</Link>;
  return (
    <Link to="/organizations/$organizationId/general" params={{ organizationId: found.id }}>
      {t.open(found.name)}
    </Link>
  );
}
