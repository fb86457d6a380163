import { useQuery } from "@apollo/client/react";
import { MembersRolesDocument, RolesHeldDocument, type RolesHeldQuery } from "../../graph/generated/graphql";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization } from "../../shell/organization-context";
import { useMemberChanges } from "../../shell/use-member-changes";
import { texts } from "../../texts/en";
import { rolesPage } from "../../texts/en/roles";
import type { RoleDescription } from "../members/types";
import { Holders } from "./holders";
import { Matrix } from "./matrix";
import { Practice } from "./practice";
import styles from "./roles.module.css";

const t = rolesPage;

/** The permissions of each role, who has it, and advice on giving roles. Live. */
export function Roles() {
  const { organization } = useOrganization();
  const roles = useQuery(MembersRolesDocument);
  const held = useQuery(RolesHeldDocument, {
    variables: { organizationId: organization.id },
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh(held);
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
      {roles.data && counts && <HeldRoles roles={roles.data.roles} held={counts} onMembersChanged={refresh} />}
    </>
  );
}

interface Props {
  roles: readonly RoleDescription[];
  held: NonNullable<RolesHeldQuery["organization"]>;
  onMembersChanged(): void;
}

function HeldRoles({ roles, held, onMembersChanged }: Props) {
  useMemberChanges(held, onMembersChanged);
  const counts = {
    OWNER: held.owners.totalCount,
    ADMIN: held.admins.totalCount,
    DEVELOPER: held.developers.totalCount,
    VIEWER: held.viewers.totalCount,
  };
  return (
    <div className={styles.page}>
      <Holders roles={roles} counts={counts} />
      <Matrix roles={roles} />
      <Practice owners={counts.OWNER} />
    </div>
  );
}
