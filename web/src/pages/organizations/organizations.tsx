import { useQuery } from "@apollo/client/react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState, useSyncExternalStore } from "react";
import { ViewerDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { SearchBox } from "../../parts/search-box";
import { inOwnBrowser } from "../../session/own-storage";
import { lastPlace } from "../../shell/last-place";
import { NewOrganizationDialog } from "../../shell/selector/new-organization-dialog";
import { type FoundOrganization, useFoundWorkspaces } from "../../shell/use-found-workspaces";
import { texts } from "../../texts/en";
import { organizationsPage } from "../../texts/en/organizations";
import { OnlyPersonal } from "./only-personal";
import { OrganizationList } from "./organization-list";
import { OrganizationSection } from "./organization-section";
import styles from "./organizations.module.css";
import { RecentlyDeleted } from "./recently-deleted";
import type { OrganizationsSearch, View } from "./search";
import { useSnapshot } from "./use-organizations-live";
import { ViewSwitch } from "./view-switch";

/** All organizations of the viewer with their workspaces, as a list with one opened, or as a grid. */
export function Organizations() {
  const { data, previousData } = useQuery(ViewerDocument);
  const search = useSearch({ from: "/signed-in/organizations" });
  const { q = "", view = storedView(), chosen } = search;
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const change = (changed: OrganizationsSearch) =>
    void navigate({ to: "/organizations", search: { ...search, ...changed }, replace: true });
  const memberships = (data ?? previousData)?.viewer.memberships;
  const snapshot = useSnapshot();
  const { found, ...finding } = useFoundWorkspaces(memberships ?? [], q);
  const opened = useOpened(found, chosen);
  const section = (each: FoundOrganization, index = 0) => (
    <OrganizationSection
      key={each.membership.id}
      found={each}
      eventCursor={index < MOST_FOLLOWED ? snapshot.cursors.get(each.membership.organization.id) : undefined}
    />
  );
  return (
    <>
      <PageHead title={texts.organizations} text={texts.organizationsText}>
        <ViewSwitch
          view={view}
          onChange={(next) => {
            inOwnBrowser.set(VIEW_KEY, next);
            change({ view: next });
          }}
        />
        <Button variant="main" onPress={() => setCreating(true)}>
          {texts.newOrganization}
        </Button>
      </PageHead>
      <SearchBox label={texts.search} value={q} onChange={(text) => change({ q: text || undefined })} />
      {snapshot.error && <Failed error={snapshot.error} onRetry={() => snapshot.refetch()} />}
      {finding.error && <Failed error={finding.error} onRetry={() => finding.refetch()} />}
      {!memberships && <Loading panels={[420]} />}
      {memberships && found.length === 0 && <p className="notice">{texts.nothingFound}</p>}
      {memberships && <OnlyPersonal memberships={memberships} />}
      {view === "sidebar" && opened ? (
        <div className={styles.sidebar}>
          <OrganizationList
            memberships={found.map(({ membership }) => membership)}
            opened={opened.membership}
            onOpen={(id) => change({ chosen: id })}
          />
          {section(opened)}
        </div>
      ) : (
        found.map(section)
      )}
      {memberships && memberships.length >= MOST_READ && (
        <p className="notice">
          {organizationsPage.firstOnly(MOST_READ)} <Link to="/account">{organizationsPage.toAccount}</Link>
        </p>
      )}
      <RecentlyDeleted />
      {isCreating && <NewOrganizationDialog onClose={() => setCreating(false)} />}
    </>
  );
}

/** The chosen organization; else that of the last place; else the first. */
function useOpened(found: readonly FoundOrganization[], chosen: string | undefined) {
  const last = useSyncExternalStore(lastPlace.subscribe, lastPlace.current);
  const byId = (id: string | undefined) => found.find(({ membership }) => membership.organization.id === id);
  return byId(chosen) ?? byId(last?.organizationId) ?? found[0];
}

/** The most organizations that one query returns. The account page lists all of them, page by page. */
const MOST_READ = 100;
/** A connection carries a hundred streams, and each organization takes two. Further ones are read with the page. */
const MOST_FOLLOWED = 40;
const VIEW_KEY = "organizations-view";

function storedView(): View {
  return inOwnBrowser.get(VIEW_KEY) === "grid" ? "grid" : "sidebar";
}
