import { useQuery } from "@apollo/client/react";
import { MembersRolesDocument, RolesHeldDocument } from "../../graph/generated/graphql";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { Holders } from "./holders";
import { Matrix } from "./matrix";
import { Practice } from "./practice";
import styles from "./roles.module.css";

const t = texts.rolesPage;

/** What each role may do, who holds it, and how to give roles well. */
export function Roles() {
  const { organization } = useOrganization();
  const roles = useQuery(MembersRolesDocument);
  const held = useQuery(RolesHeldDocument, {
    variables: { organizationId: organization.id },
    fetchPolicy: "cache-and-network",
  });
  const counts = held.data?.organization;
  const error = roles.error ?? held.error;
  return (
    <>
      <PageHead title={texts.tabs.roles} text={t.text} />
      {error && <Failed error={error} onRetry={() => void Promise.all([roles.refetch(), held.refetch()])} />}
      {!error && (!roles.data || !counts) && (
        <div className={styles.page}>
          <Loading cards={4} height={176} />
          <Loading panels={[740]} />
        </div>
      )}
      {roles.data && counts && (
        <div className={styles.page}>
          <Holders
            roles={roles.data.roles}
            counts={{
              OWNER: counts.owners.totalCount,
              ADMIN: counts.admins.totalCount,
              DEVELOPER: counts.developers.totalCount,
              VIEWER: counts.viewers.totalCount,
            }}
          />
          <Matrix roles={roles.data.roles} />
          <Practice owners={counts.owners.totalCount} />
        </div>
      )}
    </>
  );
}
