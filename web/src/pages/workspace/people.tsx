import { useQuery } from "@apollo/client/react";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { WorkspacePeopleDocument, type WorkspacePeopleQuery } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Loading } from "../../parts/loading";
import { Failed } from "../../parts/page-states";
import { Pager, usePages, useTurn } from "../../parts/pager";
import { UNSHARED, useRefresh } from "../../parts/use-refresh";
import { useOrganizationChanges } from "../../shell/organization-context";
import { useMemberChanges } from "../../shell/use-member-changes";
import { workspacePage } from "../../texts/en/workspace";
import { AddDialog } from "./add-dialog";
import { PeopleTable } from "./people-table";
import type { Workspace } from "./workspace";
import styles from "./workspace.module.css";

export type Access = NonNullable<WorkspacePeopleQuery["workspace"]>["access"]["nodes"][number];

const page = workspacePage;

/** Everybody with access to the workspace, page by page. Follows the changes of others. */
export function People({ workspace, onChanged }: { workspace: Workspace; onChanged(): void }) {
  const [isAdding, setAdding] = useState(false);
  const pages = usePages();
  const { data, previousData, error, refetch } = useQuery(WorkspacePeopleDocument, {
    variables: { workspaceId: workspace.id, after: pages.place.after },
    fetchPolicy: "no-cache",
    context: UNSHARED,
  });
  const refresh = useRefresh({ refetch, error });
  const turn = useTurn(pages, { data, error, refetch });
  useOrganizationChanges(({ type }) => {
    if (type.startsWith("workspace_access.")) refresh();
  });
  useMemberChanges(workspace.organization, () => {
    refresh();
    onChanged();
  });
  const access = (data ?? previousData)?.workspace?.access;
  const mayManage = workspace.viewerPermissions.includes("MANAGE_WORKSPACE_ACCESS");
  return (
    <section className={styles.section} aria-label={page.people}>
      <div className={styles.head}>
        <div>
          <h2>{page.people}</h2>
          {access && <p className="dim">{page.peopleText(access.totalCount)}</p>}
        </div>
        <Button
          variant="main"
          refusal={mayManage ? null : { message: page.addRefused }}
          onPress={() => setAdding(true)}
        >
          <UserPlus size={16} aria-hidden />
          {page.add}
        </Button>
      </div>
      {error && !turn.error && <Failed error={error} onRetry={() => void refetch()} />}
      {access ? (
        <>
          <PeopleTable workspace={workspace} people={access.nodes} />
          <Pager
            pages={pages}
            turn={turn}
            size={access.nodes.length}
            total={access.totalCount}
            pageInfo={access.pageInfo}
          />
        </>
      ) : (
        !error && <Loading rows={6} height={64} card={236} />
      )}
      {isAdding && <AddDialog workspace={workspace} onClose={() => setAdding(false)} />}
    </section>
  );
}
