import { useQuery } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import {
  AccountMembershipsDocument,
  type AccountMembershipsQuery,
  ViewerDocument,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { MoreButton } from "../../parts/more-button";
import { Failed } from "../../parts/page-states";
import { RoleBadge } from "../../parts/role-badge";
import table from "../../parts/table.module.css";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { accountPage } from "../../texts/en/account";
import { LeaveDialog } from "../general/leave-dialog";
import styles from "./account.module.css";

type Memberships = NonNullable<AccountMembershipsQuery["viewer"]["allMemberships"]>;
type Membership = Memberships["edges"][number]["node"];

/** The viewer's memberships, with a button to leave each organization. Live. */
export function Memberships() {
  const { data, previousData, error, refetch, fetchMore } = useQuery(AccountMembershipsDocument, {
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useOwnChanges(refresh);
  const memberships = (data ?? previousData)?.viewer.allMemberships;
  const more = memberships?.pageInfo.hasNextPage ? memberships.pageInfo.endCursor : null;
  return (
    <section aria-labelledby="memberships">
      <h2 id="memberships">{accountPage.memberships}</h2>
      {error && !memberships && <Failed error={error} onRetry={refresh} />}
      {!memberships && !error && <Loading rows={2} height={54} card={124} />}
      {memberships && <MembershipTable memberships={memberships} onLeft={refresh} />}
      {more && <MoreButton label={accountPage.more} onMore={() => fetchMore({ variables: { after: more } })} />}
    </section>
  );
}

/** Calls the listener when the viewer joins or loses an organization. The stream of the header brings both. */
function useOwnChanges(listener: () => void): void {
  const { data } = useQuery(ViewerDocument);
  const ids = data?.viewer.memberships?.map(({ id }) => id).join();
  const known = useRef(ids);
  useEffect(() => {
    if (known.current === ids) return;
    known.current = ids;
    listener();
  }, [ids, listener]);
}

function MembershipTable({ memberships, onLeft }: { memberships: Memberships; onLeft(): void }) {
  const [leaving, setLeaving] = useState<Membership["organization"] | null>(null);
  const close = () => setLeaving(null);
  return (
    <div className={`${table.frame} ${styles.memberships}`}>
      <table className={table.table}>
        <thead>
          <tr>
            <th>{accountPage.organization}</th>
            <th>{accountPage.role}</th>
            <th>{accountPage.actions}</th>
          </tr>
        </thead>
        <tbody>
          {memberships.edges.map(({ node: { id, role, organization } }) => (
            <tr key={id}>
              <td data-label={accountPage.organization}>
                <Link to="/organizations/$organizationId/general" params={{ organizationId: organization.id }}>
                  <span dir="auto">{organization.name}</span>
                </Link>
              </td>
              <td data-label={accountPage.role}>
                <RoleBadge role={role} />
              </td>
              <td>
                <Button
                  aria-label={accountPage.leaveOf(organization.name)}
                  refusal={organization.leaveRefusal}
                  onPress={() => setLeaving(organization)}
                >
                  {accountPage.leave}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {leaving && <LeaveDialog organization={leaving} onClose={close} onLeft={onLeft} />}
    </div>
  );
}
