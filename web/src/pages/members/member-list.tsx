import { useQuery } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { MembersListDocument, MembersRolesDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { PagerBar } from "../../parts/pager";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import { BulkBar } from "./bulk-bar";
import { ExportButton } from "./export-button";
import { AddressedSearch, OrderSelect, RoleChips } from "./filters";
import { MemberTable } from "./member-table";
import styles from "./members.module.css";
import type { MemberRow, Summary } from "./types";
import { useMembersSearch } from "./use-members-search";
import { usePages } from "./use-pages";

const t = membersPage;

/** The active members: filters, the rows of one page, and the actions on selected members. */
export function MemberList({ summary, listVersion }: { summary: Summary; listVersion: number }) {
  const { may } = useOrganization();
  const { pages, isStale, error, refetch, variables } = useMemberList(listVersion);
  const { list } = pages;
  // The rows describe what each role changes.
  const roles = useQuery(MembersRolesDocument);
  const [selected, setSelected] = useState<ReadonlyMap<string, MemberRow>>(new Map());
  const canSelect = may("CHANGE_MEMBER_ROLES") || may("INVITE_AND_REMOVE_MEMBERS");
  return (
    <>
      <div className={styles.filters}>
        <AddressedSearch label={t.search} />
        <RoleChips summary={summary} />
        <OrderSelect />
        <ExportButton variables={variables} />
      </div>
      {selected.size > 0 && <BulkBar selected={selected} onChange={setSelected} />}
      {isStale && (
        <p role="status" className={styles.stale}>
          {t.stale} <Button onPress={refetch}>{t.toStart}</Button>
        </p>
      )}
      {error && <Failed error={error} onRetry={refetch} />}
      {roles.error && <Failed error={roles.error} onRetry={() => roles.refetch()} />}
      {!list && !error && <Loading rows={10} height={62} card={290} />}
      {list && pages.edges.length === 0 && <NoMatch />}
      <MemberTable
        members={pages.edges.map(({ node }) => node)}
        workspaces={may("ACCESS_ALL_WORKSPACES") ? summary.workspaces.totalCount : null}
        selected={canSelect ? selected : null}
        onSelect={setSelected}
      />
      <PagerBar {...pages.bar} />
      {summary.all.totalCount === 1 && <Alone />}
    </>
  );
}

function useMemberList(listVersion: number) {
  const { organization } = useOrganization();
  const { search } = useMembersSearch();
  const filters = { search: search.q ?? null, roles: search.role ? [search.role] : null };
  const variables = { organizationId: organization.id, ...filters, orderBy: search.order ?? "JOINED" } as const;
  const { data, previousData, error, refetch, fetchMore } = useQuery(MembersListDocument, {
    variables,
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  const pages = usePages(
    {
      data: data?.organization?.members,
      previousData: previousData?.organization?.members,
      fetchMore: (after) => fetchMore({ variables: { after } }),
    },
    JSON.stringify(variables),
  );
  const [isStale, setStale] = useState(false);
  const read = () => {
    setStale(false);
    pages.toStart();
    refresh();
  };
  const seen = useRef(listVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the list reads it again
  useEffect(() => {
    if (seen.current === listVersion) return;
    seen.current = listVersion;
    // Reading again would begin at the first page and move a person who looks at another one.
    if (pages.page === 0) refresh();
    else setStale(true);
  }, [listVersion]);
  return { pages, isStale, error, refetch: read, variables };
}

function NoMatch() {
  const { change } = useMembersSearch();
  return (
    <section className={styles.empty}>
      <h2>{t.noMatch}</h2>
      <Button onPress={() => change({ q: undefined, role: undefined })}>{t.clearFilters}</Button>
    </section>
  );
}

function Alone() {
  const { may } = useOrganization();
  const { change } = useMembersSearch();
  if (!may("INVITE_AND_REMOVE_MEMBERS")) return null;
  return (
    <section className={styles.empty}>
      <h2>{t.alone}</h2>
      <p className="dim">{t.aloneText}</p>
      <Button onPress={() => change({ invite: true })}>{t.inviteFirst}</Button>
    </section>
  );
}
