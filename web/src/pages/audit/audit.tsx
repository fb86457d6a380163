import { useQuery } from "@apollo/client/react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { AuditLogDocument } from "../../graph/generated/graphql";
import { announce } from "../../parts/announcer";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { MoreButton } from "../../parts/more-button";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { useOutdated } from "../../parts/use-outdated";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { auditPage } from "../../texts/en/audit";
import styles from "./audit.module.css";
import { AuditExport } from "./audit-export";
import { AuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { type AuditFilter, filterOf } from "./filters";
import type { AuditSearch } from "./search";
import { useAuditNews } from "./use-audit-news";

type Change = Partial<Record<keyof AuditSearch, AuditSearch[keyof AuditSearch] | undefined>>;

/** Every change of the organization, filtered by the address. */
export function AuditLog() {
  const { organization } = useOrganization();
  const search = useSearch({ from: "/signed-in/organizations/$organizationId/audit" });
  const navigate = useNavigate();
  const filter = filterOf(organization.id, search);
  const change = (changed: Change) => {
    const entries = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined);
    void navigate({ to: ".", search: Object.fromEntries(entries) });
  };
  return (
    <>
      <PageHead title={texts.tabs.audit} text={auditPage.text}>
        <AuditExport filter={filter} />
      </PageHead>
      <AuditFilters search={search} onChange={change} />
      <Entries filter={filter} isFiltered={Object.keys(search).length > 0} onActor={(actor) => change({ actor })} />
    </>
  );
}

interface Props {
  filter: AuditFilter;
  isFiltered: boolean;
  onActor(actor: string): void;
}

function Entries({ filter, isFiltered, onActor }: Props) {
  const { data, previousData, error, loading, fetchMore, refetch } = useQuery(AuditLogDocument, {
    variables: filter,
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  const key = JSON.stringify(filter);
  const isOutdated = useOutdated(key, data);
  const organization = (data ?? previousData)?.organization;
  const log = organization?.auditLog;
  const newest = log?.edges[0]?.node.sequence ?? 0;
  const news = useAuditNews(filter, organization ? { eventCursor: organization.eventCursor, newest } : undefined);
  if (!log)
    return error ? (
      <Failed error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading rows={12} height={58} card={104} />
    );
  return (
    <>
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      <div className={styles.bar}>
        <span className="dim" role="status">
          {auditPage.events(log.totalCount)}
        </span>
        <News number={data ? news : 0} onShow={() => void refetch()} />
      </div>
      {log.edges.length === 0 ? (
        <p className="notice">{isFiltered ? auditPage.emptyFiltered : auditPage.empty}</p>
      ) : (
        <div aria-busy={loading} className={loading ? styles.stale : undefined}>
          <AuditTable rows={log.edges.map(({ node }) => node)} onActor={onActor} />
        </div>
      )}
      {log.pageInfo.hasNextPage && (
        <div className={styles.more}>
          <MoreButton
            key={key}
            label={auditPage.more}
            isOutdated={isOutdated}
            onMore={() => fetchMore({ variables: { after: log.pageInfo.endCursor ?? null } })}
          />
        </div>
      )}
    </>
  );
}

/** Says how many new entries there are. The list moves only when the person presses the button. */
function News({ number, onShow }: { number: number; onShow(): void }) {
  useEffect(() => {
    if (number > 0) announce(auditPage.fresh(number));
  }, [number]);
  if (number === 0) return null;
  return <Button onPress={onShow}>{auditPage.fresh(number)}</Button>;
}
