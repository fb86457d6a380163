import { useApolloClient } from "@apollo/client/react";
import { Download } from "lucide-react";
import { useState } from "react";
import {
  MembersExportDocument,
  type MembersExportQuery,
  type MembersExportQueryVariables,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { csvOf, saveFile } from "../../parts/csv";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";

const t = membersPage;

type Members = NonNullable<MembersExportQuery["organization"]>["members"];
type Row = Members["nodes"][number];

/** Exports the members that the filters show, all pages of them. */
export function ExportButton({ variables }: { variables: MembersExportQueryVariables }) {
  const client = useApolloClient();
  const { organization } = useOrganization();
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const read = async () => {
    const rows: Row[] = [];
    for (let after: string | null | undefined = null; after !== undefined; ) {
      const { data }: { data?: MembersExportQuery } = await client.query({
        query: MembersExportDocument,
        variables: { ...variables, after },
        fetchPolicy: "no-cache",
      });
      const members: Members | undefined = data?.organization?.members;
      rows.push(...(members?.nodes ?? []));
      setProgress({ done: rows.length, all: members?.totalCount ?? rows.length });
      after = members?.pageInfo.hasNextPage ? members.pageInfo.endCursor : undefined;
    }
    return rows;
  };
  const save = async () => {
    setFailure(null);
    setProgress({ done: 0, all: 0 });
    try {
      const rows = await read();
      saveFile(`${organization.name} members.csv`, csvOf([t.columns, ...rows.map(cellsOf)]));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setProgress(null);
    }
  };
  return (
    <div className={styles.export}>
      <Button onPress={() => void save()} isPending={progress !== null}>
        <Download size={16} aria-hidden /> {progress ? t.exporting(progress.done, progress.all) : t.export}
      </Button>
      {failure && <p role="alert">{failure}</p>}
    </div>
  );
}

function cellsOf({ user, role, joinedAt, invitedBy, lastSeenAt, workspaceAccess }: Row): string[] {
  const workspaces = workspaceAccess.map((each) => `${each.workspace.name} (${texts.workspaceRoles[each.role]})`);
  return [
    user.name,
    user.email ?? "",
    texts.roles[role],
    joinedAt,
    invitedBy?.name ?? "",
    lastSeenAt?.slice(0, 10) ?? "",
    workspaces.join("; "),
  ];
}
