import { useQuery } from "@apollo/client/react";
import { Link, useRouter } from "@tanstack/react-router";
import { Building2, Cloud } from "lucide-react";
import { type CSSProperties, useRef, useState } from "react";
import { GridList, GridListItem, ListLayout, type SearchFieldProps, Virtualizer } from "react-aria-components";
import { ViewerDocument } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Failed } from "../../parts/page-states";
import { RoleBadge } from "../../parts/role-badge";
import { SearchBox } from "../../parts/search-box";
import { texts } from "../../texts/en";
import { lastPlace, type Place } from "../last-place";
import { OrganizationLinks } from "../organization-links";
import { ThemeSelect } from "../theme-select";
import { useFoundWorkspaces } from "../use-found-workspaces";
import { ReceivedInPlace } from "./received-in-place";
import { type Row, rowsFor } from "./rows";
import styles from "./selector.module.css";

interface Props {
  onClose(): void;
  onCreate(): void;
}

/** Finds organizations and workspaces by name, with the arrow keys or by typing in the list. */
export function SelectorPanel({ onClose, onCreate }: Props) {
  const { data, error, refetch } = useQuery(ViewerDocument, { fetchPolicy: "cache-and-network" });
  const router = useRouter();
  const list = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState("");
  const matches = useFoundWorkspaces(data?.viewer.memberships ?? [], search);
  const rows = rowsFor(matches.found);
  const open = (row: Row | undefined) => {
    if (!row) return;
    onClose();
    void router.navigate({ href: addressOf(row) });
  };
  const onSearchKey: SearchFieldProps["onKeyDown"] = (event) => {
    if (event.key === "Enter") open(rows.find(({ workspace }) => workspace) ?? rows[0]);
    // Escape and other keys act on the elements around the field.
    if (event.key !== "ArrowDown") return event.continuePropagation();
    event.preventDefault();
    list.current?.querySelector<HTMLElement>("[role=row]")?.focus();
  };
  return (
    <>
      <div className={styles.search}>
        <SearchBox
          label={texts.selectorPage.search}
          value={search}
          onChange={setSearch}
          autoFocus
          onKeyDown={onSearchKey}
        />
      </div>
      {error && <Failed error={error} onRetry={() => refetch()} />}
      {matches.error && <Failed error={matches.error} onRetry={() => matches.refetch()} />}
      <ReceivedInPlace />
      <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowHeight: 44 }}>
        <GridList
          ref={list}
          aria-label={texts.selectorPage.title}
          items={rows}
          className={styles.list}
          style={{ "--rows": `${heightOf(rows)}px` } as CSSProperties}
          onAction={(key) => open(rows.find(({ id }) => id === key))}
          renderEmptyState={() => <p className={styles.empty}>{texts.selectorPage.noHit}</p>}
        >
          {(row) => (
            <GridListItem
              textValue={
                row.more ? texts.selectorPage.more(row.more) : (row.workspace ?? row.membership.organization).name
              }
              className={row.workspace || row.more ? styles.workspace : styles.organization}
            >
              <RowContent row={row} onOpen={onClose} />
            </GridListItem>
          )}
        </GridList>
      </Virtualizer>
      <footer className={styles.foot}>
        <Button onPress={onCreate}>{texts.newOrganization}</Button>
        <Link to="/organizations" onClick={onClose}>
          {texts.selectorPage.allOrganizations}
        </Link>
        <Link to="/invitations" onClick={onClose}>
          {texts.receivedInvitations}
        </Link>
        <Link to="/account" onClick={onClose}>
          {texts.selectorPage.account}
        </Link>
        <ThemeSelect />
      </footer>
    </>
  );
}

function RowContent({ row, onOpen }: { row: Row; onOpen(): void }) {
  if (row.more) return <span className={styles.line}>{texts.selectorPage.more(row.more)}</span>;
  return row.workspace ? <WorkspaceRow row={row} /> : <OrganizationRow row={row} onOpen={onOpen} />;
}

function OrganizationRow({ row: { membership }, onOpen }: { row: Row; onOpen(): void }) {
  const { organization, role } = membership;
  return (
    <>
      <div className={styles.line}>
        <Building2 size={18} aria-hidden />
        <strong className={styles.name} dir="auto">
          {organization.name}
        </strong>
        <RoleBadge role={role} />
      </div>
      <OrganizationLinks organization={organization} onOpen={onOpen} />
    </>
  );
}

function WorkspaceRow({ row: { membership, workspace } }: { row: Row }) {
  if (!workspace) return null;
  const isCurrent = isPlace(lastPlace.current(), membership.organization.id, workspace.id);
  return (
    <div className={styles.line}>
      <Cloud size={16} aria-hidden />
      <span className={styles.name} dir="auto">
        {workspace.name}
      </span>
      {isCurrent && <Badge tone="good">{texts.selectorPage.current}</Badge>}
      <span className="dim">{texts.providers[workspace.cloudProvider]}</span>
      {workspace.viewerRole && <RoleBadge role={workspace.viewerRole} />}
    </div>
  );
}

const ORGANIZATION_HEIGHT = 76;
const WORKSPACE_HEIGHT = 40;

/** About as many pixels as the rows take. */
function heightOf(rows: readonly Row[]): number {
  return rows.reduce(
    (sum, { workspace, more }) => sum + (workspace || more ? WORKSPACE_HEIGHT : ORGANIZATION_HEIGHT),
    8,
  );
}

function addressOf({ membership, workspace, more }: Row): string {
  const organization = `/organizations/${membership.organization.id}`;
  if (more) return `${organization}/workspaces`;
  return workspace ? `${organization}/workspaces/${workspace.id}` : `${organization}/general`;
}

function isPlace(place: Place | null, organizationId: string, workspaceId: string): boolean {
  return place?.organizationId === organizationId && place.workspaceId === workspaceId;
}
