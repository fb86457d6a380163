import { useQuery } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import {
  type OrganizationPermission,
  PermissionHoldersDocument,
  PermissionReasonsDocument,
} from "../graph/generated/graphql";
import { Loading } from "../parts/loading";
import { PageHead } from "../parts/page-head";
import { Failed } from "../parts/page-states";
import { texts } from "../texts/en";
import { rolesPage } from "../texts/en/roles";
import styles from "./forbidden.module.css";
import { useOrganization } from "./organization-context";

const { permissions: words } = rolesPage;

/** Says why the person may not open this page, and names those who may. */
export function Forbidden({ permission }: { permission: OrganizationPermission }) {
  const { organization } = useOrganization();
  const { data, error, refetch } = useQuery(PermissionReasonsDocument, {
    variables: { organizationId: organization.id, permission },
    fetchPolicy: "cache-and-network",
  });
  const role = organization.viewerMember?.role;
  if (error && !data) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading panels={[180]} />;
  const roles = data.roles.filter(({ permissions }) => permissions.includes(permission)).map(({ role }) => role);
  return (
    <>
      <PageHead title={texts.errorPages.forbidden} />
      {role && <p>{texts.errorPages.roleLacks(texts.roles[role], organization.name, words[permission])}</p>}
      <Holders roles={roles} />
      <Link to="/organizations/$organizationId/general" params={{ organizationId: organization.id }}>
        {texts.errorPages.toGeneral(organization.name)}
      </Link>
    </>
  );
}

function Holders({ roles }: { roles: ReadonlyArray<keyof typeof texts.roles> }) {
  const { organization } = useOrganization();
  const { data, error, refetch } = useQuery(PermissionHoldersDocument, {
    variables: { organizationId: organization.id, roles: [...roles] },
  });
  const members = data?.organization?.members;
  if (error && !members) return <Failed error={error} onRetry={() => refetch()} />;
  if (!members) return null;
  return (
    <section className={styles.holders}>
      <h2>{texts.errorPages.whoCan}</h2>
      <ul>
        {members.edges.map(({ node: { id, role, user } }) => (
          <li key={id}>
            <span dir="auto">{user.name}</span> <span className="dim">{texts.roles[role]}</span>
          </li>
        ))}
      </ul>
      {members.totalCount > members.edges.length && (
        <p className="dim">{texts.errorPages.andMore(members.totalCount - members.edges.length)}</p>
      )}
    </section>
  );
}
