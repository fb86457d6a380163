import { useQuery } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { WorkspacesPageDocument, type WorkspacesPageQuery } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { Meter } from "../../parts/meter";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { Pager, usePages, useTurn } from "../../parts/pager";
import { ProviderMark } from "../../parts/provider-mark";
import { SearchBox } from "../../parts/search-box";
import table from "../../parts/table.module.css";
import { Day } from "../../parts/time";
import { useDebounced } from "../../parts/use-debounced";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { NotFound } from "../../shell/not-found";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { workspacesPage } from "../../texts/en/workspaces";
import { NewWorkspaceDialog } from "./new-workspace-dialog";
import styles from "./workspaces.module.css";

type Organization = NonNullable<WorkspacesPageQuery["organization"]>;
type Workspace = Organization["workspaces"]["nodes"][number];

const page = workspacesPage;

/** The workspaces that the viewer sees, live. */
export function Workspaces() {
  const { organization, may } = useOrganization();
  const organizationId = organization.id;
  const [text, setText] = useState("");
  const [isCreating, setCreating] = useState(false);
  const search = useDebounced(text.trim());
  const pages = usePages(search);
  const { data, previousData, error, refetch } = useQuery(WorkspacesPageDocument, {
    variables: {
      organizationId,
      search: search || null,
      after: pages.place.after,
      withLimit: may("CREATE_WORKSPACES"),
    },
    fetchPolicy: "no-cache",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  const turn = useTurn(pages, { data, error, refetch });
  useOrganizationChanges(({ type }) => {
    if (/^(workspace|workspace_access|subscription|organization)\./.test(type)) refresh();
  });
  const shown = (data ?? previousData)?.organization;
  if (shown === null) return <NotFound />;
  return (
    <>
      <PageHead title={texts.tabs.workspaces} text={page.text}>
        {shown && <CreateButton refusal={shown.workspaceCreationRefusal} onPress={() => setCreating(true)} />}
      </PageHead>
      {error && !turn.error && <Failed error={error} onRetry={() => void refetch()} />}
      {shown ? (
        <List
          organization={shown}
          pages={pages}
          turn={turn}
          text={text}
          isSearched={search !== ""}
          onSearch={setText}
        />
      ) : (
        !error && <Loading rows={4} card={190} />
      )}
      {isCreating && (
        <NewWorkspaceDialog organization={organization} title={page.create} onClose={() => setCreating(false)} />
      )}
    </>
  );
}

interface CreateProps {
  refusal: Organization["workspaceCreationRefusal"];
  onPress(): void;
}

/** At the limit the dialog still opens, and offers the plans. */
function CreateButton({ refusal, onPress }: CreateProps) {
  const isFinal = refusal && refusal.code !== "WORKSPACE_LIMIT_REACHED";
  return (
    <Button variant="main" refusal={isFinal ? refusal : null} onPress={onPress}>
      <Plus size={16} aria-hidden />
      {page.create}
    </Button>
  );
}

interface ListProps {
  organization: Organization;
  pages: ReturnType<typeof usePages>;
  turn: ReturnType<typeof useTurn>;
  text: string;
  isSearched: boolean;
  onSearch(text: string): void;
}

function List({ organization: { workspaces, workspaceLimit }, text, isSearched, onSearch, ...paging }: ListProps) {
  const { nodes, totalCount, pageInfo } = workspaces;
  if (totalCount === 0 && !isSearched) {
    return (
      <section className="notice">
        <h2>{page.none}</h2>
        <p>{page.noneText}</p>
      </section>
    );
  }
  return (
    <>
      <div className={styles.bar}>
        <SearchBox label={page.search} value={text} onChange={onSearch} />
        {workspaceLimit && (
          <Meter
            label={page.limit}
            limit={workspaceLimit.limit ?? null}
            segments={[{ label: page.limit, value: workspaceLimit.used }]}
          />
        )}
      </div>
      {nodes.length === 0 ? <p className="notice">{page.noneFound}</p> : <Table workspaces={nodes} />}
      <Pager {...paging} size={nodes.length} total={totalCount} pageInfo={pageInfo} />
    </>
  );
}

function Table({ workspaces }: { workspaces: readonly Workspace[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label={page.list}>
        <thead>
          <tr>
            <th>{page.name}</th>
            <th>{page.provider}</th>
            <th>{page.role}</th>
            <th className={table.number}>{page.members}</th>
            <th>{page.created}</th>
          </tr>
        </thead>
        <tbody>
          {workspaces.map((workspace) => (
            <Row key={workspace.id} workspace={workspace} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ workspace }: { workspace: Workspace }) {
  const { id, name, description, cloudProvider, isDefault, viewerRole, memberCount, createdAt } = workspace;
  const organizationId = useOrganization().organization.id;
  return (
    <tr>
      <td>
        <div>
          <Link
            className={styles.name}
            to="/organizations/$organizationId/workspaces/$workspaceId"
            params={{ organizationId, workspaceId: id }}
            dir="auto"
          >
            {name}
          </Link>{" "}
          {isDefault && <Badge>{page.isDefault}</Badge>}
          <div className={styles.description} dir="auto">
            {description || texts.noDescription}
          </div>
        </div>
      </td>
      <td data-label={page.provider}>
        <ProviderMark provider={cloudProvider} />
      </td>
      <td data-label={page.role}>{viewerRole && texts.roles[viewerRole]}</td>
      <td data-label={page.members} className={table.number}>
        {memberCount.toLocaleString("en")}
      </td>
      <td data-label={page.created}>
        <Day at={createdAt} />
      </td>
    </tr>
  );
}
