import { useQuery } from "@apollo/client/react";
import { Link, useParams } from "@tanstack/react-router";
import { useRef } from "react";
import { WorkspacePageDocument, type WorkspacePageQuery } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Loading } from "../../parts/loading";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { ProviderMark } from "../../parts/provider-mark";
import { Day } from "../../parts/time";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { NotFound } from "../../shell/not-found";
import { useOrganization, useOrganizationChanges } from "../../shell/organization-context";
import { workspacePage } from "../../texts/en/workspace";
import { DeleteSection } from "./delete-section";
import { People } from "./people";
import styles from "./workspace.module.css";
import { WorkspaceForm } from "./workspace-form";

export type Workspace = NonNullable<WorkspacePageQuery["workspace"]>;

const page = workspacePage;

/** One workspace: its settings, and who has access to it. Live. */
export function WorkspacePage() {
  const { organizationId, workspaceId } = useParams({
    from: "/signed-in/organizations/$organizationId/workspaces/$workspaceId",
  });
  return <Page key={workspaceId} organizationId={organizationId} workspaceId={workspaceId} />;
}

function Page({ organizationId, workspaceId }: { organizationId: string; workspaceId: string }) {
  const { data, error, refetch } = useQuery(WorkspacePageDocument, {
    variables: { workspaceId },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  useOrganizationChanges(({ type, workspaceId: changed }) => {
    if (changed === workspaceId || type.startsWith("workspace_access.")) refresh();
  });
  const known = useRef<Workspace | null>(null);
  if (data?.workspace) known.current = data.workspace;
  const isForeign = data?.workspace && data.workspace.organization.id !== organizationId;
  if (isForeign || (data?.workspace === null && !known.current)) return <NotFound />;
  if (data?.workspace === null && known.current) return <Gone name={known.current.name} />;
  if (!known.current)
    return error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading panels={[64, 380, 460]} />;
  return (
    <>
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      <Shown workspace={known.current} onRefresh={refresh} />
    </>
  );
}

function Shown({ workspace, onRefresh }: { workspace: Workspace; onRefresh(): void }) {
  const { name, cloudProvider, isDefault, createdAt, viewerRole, viewerPermissions } = workspace;
  const { organization } = useOrganization();
  return (
    <>
      <Link
        className={styles.back}
        to="/organizations/$organizationId/workspaces"
        params={{ organizationId: organization.id }}
      >
        {page.toWorkspaces}
      </Link>
      <PageHead title={name}>
        <ProviderMark provider={cloudProvider} />
        {isDefault && <Badge>{page.isDefault}</Badge>}
        {viewerRole && <span className="dim">{page.yourRole(viewerRole)}</span>}
      </PageHead>
      <section className={`${styles.section} ${styles.panel}`}>
        <h2>{page.settings}</h2>
        <WorkspaceForm
          key={workspace.id}
          workspace={workspace}
          organizationId={organization.id}
          isReadOnly={!viewerPermissions.includes("EDIT_WORKSPACE")}
        />
        <dl className={styles.details}>
          <div>
            <dt>{page.provider}</dt>
            <dd>
              <ProviderMark provider={cloudProvider} /> <span className="dim">{page.providerFixed}</span>
            </dd>
          </div>
          <div>
            <dt>{page.created}</dt>
            <dd>
              <Day at={createdAt} />
            </dd>
          </div>
        </dl>
      </section>
      <People workspace={workspace} onChanged={onRefresh} />
      <DeleteSection workspace={workspace} organizationId={organization.id} />
    </>
  );
}

/** The workspace ended while somebody looked at it. */
function Gone({ name }: { name: string }) {
  const organizationId = useOrganization().organization.id;
  return (
    <>
      <PageHead title={page.gone(name)} text={page.goneText} />
      <Link to="/organizations/$organizationId/workspaces" params={{ organizationId }}>
        {page.toWorkspaces}
      </Link>
    </>
  );
}
