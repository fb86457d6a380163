import { useQuery } from "@apollo/client/react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, useSyncExternalStore } from "react";
import { ViewerDocument, type ViewerMembershipFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { includes } from "../../parts/includes";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { SearchBox } from "../../parts/search-box";
import { lastPlace } from "../../shell/last-place";
import { NewOrganizationDialog } from "../../shell/selector/new-organization-dialog";
import { texts } from "../../texts/en";
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
  const { data, previousData, error, refetch } = useQuery(ViewerDocument);
  const search = useSearch({ from: "/signed-in/organizations" });
  const { q = "", view = storedView(), chosen } = search;
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const change = (changed: OrganizationsSearch) =>
    void navigate({ to: "/organizations", search: { ...search, ...changed }, replace: true });
  const memberships = (data ?? previousData)?.viewer.memberships;
  const cursors = useSnapshot();
  const found = memberships?.filter(({ organization }) => matches(organization, q)) ?? [];
  const opened = useOpened(found, chosen);
  const section = (membership: ViewerMembershipFragment) => (
    <OrganizationSection
      key={membership.id}
      membership={membership}
      search={q}
      eventCursor={cursors.get(membership.organization.id)}
    />
  );
  return (
    <>
      <PageHead title={texts.organizations} text={texts.organizationsText}>
        <ViewSwitch
          view={view}
          onChange={(next) => {
            localStorage.setItem(VIEW_KEY, next);
            change({ view: next });
          }}
        />
        <Button variant="main" onPress={() => setCreating(true)}>
          {texts.newOrganization}
        </Button>
      </PageHead>
      <SearchBox label={texts.search} value={q} onChange={(text) => change({ q: text || undefined })} />
      {error && !memberships && <Failed error={error} onRetry={() => void refetch()} />}
      {!memberships && !error && <Loading panels={[420]} />}
      {memberships && found.length === 0 && <p className="notice">{texts.nothingFound}</p>}
      {memberships && <OnlyPersonal memberships={memberships} />}
      {view === "sidebar" && opened ? (
        <div className={styles.sidebar}>
          <OrganizationList memberships={found} opened={opened} onOpen={(id) => change({ chosen: id })} />
          {section(opened)}
        </div>
      ) : (
        found.map(section)
      )}
      <RecentlyDeleted />
      {isCreating && <NewOrganizationDialog onClose={() => setCreating(false)} />}
    </>
  );
}

/** The chosen organization; else that of the last place; else the first. */
function useOpened(found: readonly ViewerMembershipFragment[], chosen: string | undefined) {
  const last = useSyncExternalStore(lastPlace.subscribe, lastPlace.current);
  const byId = (id: string | undefined) => found.find(({ organization }) => organization.id === id);
  return byId(chosen) ?? byId(last?.organizationId) ?? found[0];
}

const VIEW_KEY = "organizations-view";

function storedView(): View {
  return localStorage.getItem(VIEW_KEY) === "grid" ? "grid" : "sidebar";
}

function matches({ name, workspaces }: ViewerMembershipFragment["organization"], search: string): boolean {
  return includes(name, search) || workspaces.nodes.some((workspace) => includes(workspace.name, search));
}
